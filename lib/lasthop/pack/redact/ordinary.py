"""Words that are many people's local part or part of many senders' names: alone they name nobody."""

_WORDS = """
user users info mail mails email e-mail unknown admin support contact no-reply noreply postmaster
mailer-daemon sales help abuse address mailbox recipient recipients sender message messages bounce bounces
root test masked invalid null none nobody office service services shop store team news newsletter customer
customers account accounts order orders billing payment payments delivery notification notifications alert
alerts system server host hostname webmaster hostmaster daemon mailer reply from subject date time event
events error errors failed failure rejected delivered accepted deferred dropped blocked domain remote local
smtp http https with your this that have been does exist the and for not was are you but has new old get all
any via one com net org www api case file line text html data true false
example 株式会社 有限会社 合同会社 事務局 サポート
お知らせ ショップ お問い合わせ 窓口 担当 自動送信 送信専用 配信 通知 注文 公式
"""
ORDINARY = frozenset(_WORDS.split())
