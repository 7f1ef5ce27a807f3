"""What comes in while it happens: pulls that go on where they stopped, and the Event Webhook."""
