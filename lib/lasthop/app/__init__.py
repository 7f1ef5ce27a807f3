"""What the pages share: the frame around them, session state, safe text, tables."""
