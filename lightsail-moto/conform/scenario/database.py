"""A database and a snapshot of it."""

from __future__ import annotations

from conform.run import Run
from conform.transcript import is_in


def database(run: Run, bundle: str) -> None:
    name, snapshot = run.name("database"), run.name("database-1")
    run.must(
        "create-database",
        "CreateRelationalDatabase",
        relationalDatabaseName=name,
        relationalDatabaseBlueprintId="mysql_8_0",
        relationalDatabaseBundleId=bundle,
        masterDatabaseName="conformance",
        masterUsername="conformance",
        tags=[run.tag],
    )
    named = {"relationalDatabaseName": name}
    run.until("wait-database", "GetRelationalDatabase", is_in("available"), **named)
    taken = {"relationalDatabaseSnapshotName": snapshot}
    run.must(
        "create-database-snapshot",
        "CreateRelationalDatabaseSnapshot",
        tags=[run.tag],
        **named,
        **taken,
    )
    run.must("get-database-in-snapshot", "GetRelationalDatabase", **named)
    run.until(
        "wait-database-snapshot", "GetRelationalDatabaseSnapshot", is_in("available"), **taken
    )
    run.call(
        "copy-database-snapshot",
        "CopySnapshot",
        sourceSnapshotName=snapshot,
        sourceRegion=run.account.region,
        targetSnapshotName=run.name("database-copy"),
    )
    run.must("delete-database-snapshot", "DeleteRelationalDatabaseSnapshot", **taken)
    run.until("wait-database-again", "GetRelationalDatabase", is_in("available"), **named)
    run.must("delete-database", "DeleteRelationalDatabase", skipFinalSnapshot=True, **named)
