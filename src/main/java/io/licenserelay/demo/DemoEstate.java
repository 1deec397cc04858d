package io.licenserelay.demo;

import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateAccount;

/** The demo's licenses: two Smart Accounts with generated licenses. One license is out of compliance. */
final class DemoEstate {
    private static final long SEED = 42;

    private DemoEstate() {}

    static Estate make() {
        Estate estate = Estate.generate(2, 6, 200, SEED);
        EstateAccount first = estate.accounts().get(0);
        first.alert("Update available", "minor", "SSM On-Prem", "A newer release can be downloaded");
        return estate;
    }
}
