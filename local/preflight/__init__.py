"""What an account says about the template before anything is created: `make preflight LIVE=1`.

permissions  what the function's role allows and refuses, in one table, which the tests read too
checks       each asks one service of AWS, and gives its findings
"""
