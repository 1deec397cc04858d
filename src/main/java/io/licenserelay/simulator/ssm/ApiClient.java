package io.licenserelay.simulator.ssm;

import io.licenserelay.config.site.Grant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API client as SSM's API Tool Kit registers it.
 *
 * @param grants usually one: Client Credentials Grant or Resource Owner Grant
 * @param owner the only user it may be used with; null lets every user in. That SSM checks this is inferred from Cisco's
 *     advice to log in as the user who created the client
 * @param hidden accounts without access: they are not listed, and a request for one is answered with 403
 */
public record ApiClient(
        String id,
        String secret,
        Set<Grant> grants,
        @Nullable String owner,
        Set<String> hidden) {

    public static ApiClient of(String id, String secret, Grant... grants) {
        return new ApiClient(id, secret, Set.of(grants), null, Set.of());
    }

    ApiClient ownedBy(String user) {
        return new ApiClient(id, secret, grants, user, hidden);
    }

    public ApiClient withoutAccounts(String... accounts) {
        return new ApiClient(id, secret, grants, owner, Set.of(accounts));
    }

    /** The secret stays unseen. */
    @Override
    public String toString() {
        return "ApiClient[" + id + " " + grants + "]";
    }
}
