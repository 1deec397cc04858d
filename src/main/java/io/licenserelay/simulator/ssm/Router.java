package io.licenserelay.simulator.ssm;

import io.licenserelay.simulator.http.Call;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps paths to endpoints. Paths that are not confirmed for SSM On-Prem are served only with the option {@code guess},
 * and their answers have a marker header.
 */
final class Router {
    /** The header of answers on paths that no public source confirms for SSM On-Prem. */
    static final String GUESS_HEADER = "X-License-Relay-Guess";

    private static final List<String> CLOUD_TOKEN = List.of("oauth2", "default", "v1", "token");
    private static final List<String> CLOUD_SIGN_ON = List.of("as", "token.oauth2");
    private static final List<String> CLOUD = List.of("services", "api", "smart-accounts-and-licensing");

    private final SimulatedTokenEndpoint token;
    private final IssuedTokens tokens;
    private final LicenseEndpoints licenses;
    private final CssmEndpoints cssm;
    private final boolean guess;

    Router(
            SimulatedTokenEndpoint token,
            IssuedTokens tokens,
            LicenseEndpoints licenses,
            CssmEndpoints cssm,
            boolean guess) {
        this.token = token;
        this.tokens = tokens;
        this.licenses = licenses;
        this.cssm = cssm;
        this.guess = guess;
    }

    void answer(Call call) throws IOException {
        List<String> path = call.segments();
        if (!path.isEmpty() && path.get(0).equals("backend")) {
            path = path.subList(1, path.size());
        }
        if (call.tooLarge()) {
            call.error(413, "request larger than " + Call.MAX_BODY + " bytes");
        } else if (path.equals(List.of("oauth", "token")) || path.equals(CLOUD_TOKEN) || path.equals(CLOUD_SIGN_ON)) {
            token(call);
        } else if (startsWith(path, List.of("api")) || startsWith(path, CLOUD)) {
            withToken(call, path);
        } else {
            notFound(call);
        }
    }

    private void token(Call call) throws IOException {
        if (call.method().equals("POST")) {
            token.answer(call);
        } else {
            notFound(call);
        }
    }

    private void withToken(Call call, List<String> path) throws IOException {
        IssuedTokens.TokenCheck check = tokens.check(call.header("Authorization"));
        ApiClient client = check.client();
        if (client == null) {
            SimulatedTokenEndpoint.reject(call, 401, OAuthError.INVALID_TOKEN.wireName(), check.rejection());
        } else if (startsWith(path, CLOUD)) {
            cloud(call, path.subList(CLOUD.size(), path.size()), client);
        } else {
            onPrem(call, path.subList(1, path.size()), client);
        }
    }

    private void onPrem(Call call, List<String> path, ApiClient client) throws IOException {
        List<String> rest = path.isEmpty() ? path : path.subList(1, path.size());
        boolean servedByCloudOnly = rest.size() == 3 && rest.get(2).equals("devices");
        if (startsWith(path, List.of("v1")) && !servedByCloudOnly) {
            licenses.answer(call, rest, client);
        } else if (guess && startsWith(path, List.of("v2")) && CssmEndpoints.serves(rest)) {
            cssm.report(call.with(GUESS_HEADER, "unconfirmed"), rest);
        } else {
            notFound(call);
        }
    }

    private void cloud(Call call, List<String> path, ApiClient client) throws IOException {
        List<String> rest = path.isEmpty() ? path : path.subList(1, path.size());
        if (startsWith(path, List.of("v2")) && CssmEndpoints.serves(rest)) {
            cssm.report(call, rest);
        } else if (path.equals(List.of("v2", "accounts", "search"))) {
            cssm.search(call);
        } else if (startsWith(path, List.of("v1"))) {
            licenses.answer(call, withoutKind(rest), client);
        } else {
            notFound(call);
        }
    }

    /** CSSM has the path {@code accounts/NAME/customer/virtual-accounts}; SSM On-Prem has no segment for the kind of account. */
    private static List<String> withoutKind(List<String> path) {
        if (path.size() < 3 || !List.of("customer", "holding").contains(path.get(2))) {
            return path;
        }
        List<String> shorter = new ArrayList<>(path);
        shorter.remove(2);
        return shorter;
    }

    private static boolean startsWith(List<String> path, List<String> prefix) {
        return path.size() >= prefix.size() && path.subList(0, prefix.size()).equals(prefix);
    }

    private static void notFound(Call call) throws IOException {
        call.error(404, "no such resource");
    }
}
