package io.licenserelay.cluster.ownership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The rules of ownership. Pure: a situation in, actions out. */
final class OwnershipDecision {
    /** How many graces a node that is not fit for a key waits before it takes the key. */
    private static final int UNFIT_GRACES = 3;

    /**
     * What to do now.
     *
     * @param take the keys to take over
     * @param leave the keys whose routes to stop, so that they can be released
     * @param release the keys to release
     */
    record Actions(List<String> take, List<String> leave, List<String> release) {}

    private OwnershipDecision() {}

    static Actions decide(Situation situation) {
        List<String> take = new ArrayList<>();
        List<String> leave = new ArrayList<>();
        List<String> release = new ArrayList<>();
        situation.free().forEach((key, since) -> {
            if (mayTake(situation, key, since)) {
                take.add(key);
            }
        });
        for (String key : situation.stray()) {
            if (situation.keys().contains(key) && situation.placement().prefers(key, situation.node())) {
                take.add(key);
            } else {
                release.add(key);
            }
        }
        for (String key : situation.held()) {
            boolean idle = situation.idle().test(key);
            if (situation.leaving().contains(key)) {
                if (idle && situation.settled().test(key)) {
                    release.add(key);
                }
            } else if (idle && (belongsElsewhere(situation, key) || maySuitOthers(situation, key))) {
                leave.add(key);
            }
        }
        return new Actions(take, leave, release);
    }

    /**
     * The preferred node takes a key at once. After the grace any node does, so that no key stays without an owner. A node that
     * is not fit waits until each other node had its chance.
     */
    private static boolean mayTake(Situation situation, String key, Duration since) {
        if (!situation.keys().contains(key)) {
            return false;
        }
        if (!situation.fit().test(key)) {
            return situation.now().minus(since).compareTo(situation.grace().multipliedBy(UNFIT_GRACES)) >= 0;
        }
        return situation.placement().prefers(key, situation.node()) || isOver(situation, since);
    }

    /** A node that is not fit for a key gives it up once. If it gets the key again, no other node took it. */
    private static boolean maySuitOthers(Situation situation, String key) {
        return !situation.fit().test(key) && !situation.givenUp().contains(key);
    }

    /** A node that appeared a moment ago may vanish again; a node that did not take a key is not offered it again. */
    private static boolean belongsElsewhere(Situation situation, String key) {
        if (!situation.keys().contains(key)) {
            return true;
        }
        return isOver(situation, situation.stableSince())
                && situation
                        .placement()
                        .preferred(key)
                        .filter(node -> !node.equals(situation.node()))
                        .filter(node -> !node.equals(situation.declined().get(key)))
                        .isPresent();
    }

    private static boolean isOver(Situation situation, Duration since) {
        return situation.now().minus(since).compareTo(situation.grace()) >= 0;
    }
}
