"""The command `lightsail-moto`: the backend over HTTP for other processes, on 127.0.0.1."""

from __future__ import annotations

import argparse

from lightsail_moto import control, register


def main(argv: list[str] | None = None) -> None:
    """Serve until interrupted. moto's reset puts the controls back to their defaults."""
    from moto import server

    options = _parser().parse_args(argv)
    register()
    controls = control()
    controls.page_size = options.page_size
    controls.latency_s = options.latency_ms / 1000
    controls.snapshot_seconds = options.snapshot_seconds
    controls.rate_limit(options.rate)
    print(f"Lightsail on http://127.0.0.1:{options.port}", flush=True)
    server.main(["-H", "127.0.0.1", "-p", str(options.port)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lightsail-moto", description=__doc__)
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--page-size", type=int, default=2, help="items a page (2)")
    parser.add_argument("--latency-ms", type=float, default=0, help="time each call takes (0)")
    parser.add_argument("--rate", type=float, help="requests a second and Region (no limit)")
    parser.add_argument(
        "--snapshot-seconds", type=float, default=300, help="how long snapshots are pending (300)"
    )
    return parser


if __name__ == "__main__":
    main()
