"""What the points cost at most."""

from decimal import Decimal

PRICE = Decimal("0.05")
"""USD per GB-month, as the Lightsail FAQ in the AWS documentation gives it."""

SOURCE = "AWS Lightsail FAQ"
WHY = (
    "Lightsail charges for the space that snapshots take, and of successive ones only for the "
    "data that changed, so the bill stays below this."
)


def bound(points: int, price: Decimal) -> Decimal:
    """Give the most that so many points of one GB of disk cost in a month, in USD."""
    return points * price


def dollars(amount: Decimal) -> str:
    """Write an amount with its cents, and with finer digits where it has them."""
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents if cents == amount else amount.normalize():f}"
