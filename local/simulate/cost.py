"""The most that recovery points can cost."""

from decimal import Decimal

PRICE = Decimal("0.05")
"""USD per GB-month, as the Lightsail FAQ in the AWS documentation gives it."""

SOURCE = "AWS Lightsail FAQ"
WHY = (
    "Lightsail charges for the space that snapshots take, and of successive ones only for the "
    "data that changed, so the bill stays below this."
)


def bound(points: int, price: Decimal) -> Decimal:
    """Return the most that the points of one GB of disk cost in a month, in USD."""
    return points * price


def dollars(amount: Decimal) -> str:
    """Format with cents, and with more digits where the amount has them."""
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents if cents == amount else amount.normalize():f}"
