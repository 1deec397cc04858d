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
     * @param pause the keys for which to begin no new work, so that they become idle
     * @param resume the paused keys for which to begin work again
     * @param departing the keys that belong to another node, whether they can leave now or not
     */
    record Actions(
            List<String> take,
            List<String> leave,
            List<String> release,
            List<String> pause,
            List<String> resume,
            List<String> departing) {
        private static Actions none() {
            return new Actions(
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }
    }

    private OwnershipDecision() {}

    static Actions decide(Situation situation) {
        Actions actions = Actions.none();
        situation.free().forEach((key, since) -> {
            if (mayTake(situation, key, since)) {
                actions.take.add(key);
            }
        });
        for (String key : situation.stray()) {
            if (mayOwn(situation, key) && situation.placement().prefers(key, situation.node())) {
                actions.take.add(key);
            } else {
                actions.release.add(key);
            }
        }
        for (String key : situation.held()) {
            if (!situation.leaving().contains(key)) {
                decide(situation, key, actions);
            } else if (situation.idle().test(key) && situation.settled().test(key)) {
                actions.release.add(key);
            }
        }
        return actions;
    }

    /** Of a key that this node owns and does not give up yet. */
    private static void decide(Situation situation, String key, Actions actions) {
        boolean departs = belongsElsewhere(situation, key) || maySuitOthers(situation, key);
        if (departs) {
            actions.departing.add(key);
            if (situation.idle().test(key)) {
                actions.leave.add(key);
                return;
            }
        }
        boolean paused = situation.paused().contains(key);
        boolean pauses = !mayOwn(situation, key) || departs && isBusyForTooLong(situation, key);
        if (pauses && !paused) {
            actions.pause.add(key);
        } else if (paused && !pauses) {
            actions.resume.add(key);
        }
    }

    private static boolean isBusyForTooLong(Situation situation, String key) {
        Duration since = situation.departing().get(key);
        return since != null
                && situation.now().minus(since).compareTo(situation.times().busy()) >= 0;
    }

    /** A node that is not fit for a key gives it up once. If it gets the key again, no other node took it. */
    private static boolean maySuitOthers(Situation situation, String key) {
        return !situation.fit().test(key) && !situation.givenUp().contains(key);
    }

    /**
     * The preferred node takes a key at once. After the grace any node that may own it does, so that no key stays without an owner. A node
     * that is not fit waits until each other node had its chance.
     */
    private static boolean mayTake(Situation situation, String key, Duration since) {
        if (!mayOwn(situation, key)) {
            return false;
        }
        if (!situation.fit().test(key)) {
            Duration patience = situation.times().grace().multipliedBy(UNFIT_GRACES);
            return situation.now().minus(since).compareTo(patience) >= 0;
        }
        return situation.placement().prefers(key, situation.node()) || isOver(situation, since);
    }

    /** Whether this node has the newest configuration of the key. */
    private static boolean mayOwn(Situation situation, String key) {
        return situation.keys().contains(key) && situation.configurations().mayOwn(situation.node(), key);
    }

    /** A node that appeared a moment ago may vanish again; a node that did not take a key is not offered it again. */
    private static boolean belongsElsewhere(Situation situation, String key) {
        if (!situation.keys().contains(key)) {
            return true;
        }
        if (!isOver(situation, situation.stableSince())) {
            return false;
        }
        return !mayOwn(situation, key)
                || situation
                        .placement()
                        .preferred(key)
                        .filter(node -> !node.equals(situation.node()))
                        .filter(node -> !node.equals(situation.declined().get(key)))
                        .isPresent();
    }

    private static boolean isOver(Situation situation, Duration since) {
        return situation.now().minus(since).compareTo(situation.times().grace()) >= 0;
    }
}
