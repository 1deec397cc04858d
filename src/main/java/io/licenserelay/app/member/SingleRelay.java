package io.licenserelay.app.member;

import io.licenserelay.store.Database;
import java.nio.file.Path;
import org.apache.camel.CamelContext;

/** The only relay of its data folder: it works for every site, from its start to its end. */
public final class SingleRelay implements Membership {
    private final Database database;

    /** @param data a folder that the caller has locked */
    public SingleRelay(Path data) {
        this.database = Database.open(data);
    }

    @Override
    public Database database() {
        return database;
    }

    @Override
    public void beginAlone(OwnedWork work) {
        work.begin(Database.RELAY);
        work.keys().stream().filter(key -> !key.equals(Database.RELAY)).forEach(work::begin);
        work.collect();
    }

    @Override
    public void prepare(CamelContext context, RouteOwners routes) {}

    @Override
    public void join(OwnedWork work) {}

    @Override
    public void leave() {}

    @Override
    public void close() {
        database.close();
    }
}
