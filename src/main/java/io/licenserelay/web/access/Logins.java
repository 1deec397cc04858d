package io.licenserelay.web.access;

import io.licenserelay.config.web.WebSettings;
import io.licenserelay.web.access.Caller.Proof;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Finds out who sent a request, and logs users in. Thread-safe. */
public final class Logins {
    /** The user of the token and of one-time login addresses. */
    static final String OWNER = "owner of the data folder";

    /** The cookie of a session. */
    static final String COOKIE = "license-relay";

    private final ApiToken token;
    private final @Nullable UserFile users;
    private final Set<String> operators;
    private final Set<InetAddress> proxies;
    private final String userHeader;
    private final Sessions sessions;
    private final AttemptLimit attempts;
    private final VerifiedPasswords verified;

    /** @throws IOException if the file with the users cannot be used */
    public Logins(ApiToken token, WebSettings settings, Clock clock) throws IOException {
        this.token = token;
        this.users = settings.users() == null ? null : UserFile.read(settings.users());
        this.operators = Set.copyOf(settings.operators());
        this.proxies = addresses(settings.proxy().addresses());
        this.userHeader = settings.proxy().userHeader();
        this.sessions = new Sessions(clock);
        this.attempts = new AttemptLimit(clock);
        this.verified = new VerifiedPasswords(clock);
    }

    /** What is known about the sender of a request without any slow work. */
    sealed interface Sender {
        /** The user is proven. */
        record Known(Caller caller) implements Sender {}

        /** A name and a password that have to be verified. */
        record Unverified(String user, String password) implements Sender {}

        /** The request has a proof that is wrong. */
        record Rejected(String reason) implements Sender {}

        /** The request has no proof. */
        record Anonymous() implements Sender {}
    }

    /** Whether users can log in with a password. */
    public boolean hasPasswords() {
        return users != null;
    }

    Sender sender(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null) {
            return authorized(authorization);
        }
        String named = request.getHeader(userHeader);
        if (named != null && isProxy(request)) {
            return named.isBlank() || named.length() > 100
                    ? new Sender.Rejected("The proxy names no user that can be used.")
                    : known(named.strip(), Proof.PROXY);
        }
        Optional<String> certified = certified(request);
        if (certified.isPresent()) {
            return known(certified.get(), Proof.CERTIFICATE);
        }
        Cookie cookie = request.getCookie(COOKIE);
        return cookie == null
                ? new Sender.Anonymous()
                : sessions.find(cookie.getValue())
                        .filter(this::isStillUser)
                        .<Sender>map(Sender.Known::new)
                        .orElseGet(Sender.Anonymous::new);
    }

    private Sender authorized(String authorization) {
        if (authorization.startsWith("Bearer ")) {
            return token.isEqual(authorization.substring("Bearer ".length()))
                    ? new Sender.Known(new Caller(OWNER, Role.OPERATOR, Proof.TOKEN))
                    : new Sender.Rejected("The token is not that of " + ApiToken.FILE + ".");
        }
        UserFile known = users;
        if (known == null || !authorization.startsWith("Basic ")) {
            return new Sender.Rejected("This kind of Authorization is not accepted here.");
        }
        try {
            String[] parts = new String(
                            Base64.getDecoder()
                                    .decode(authorization
                                            .substring("Basic ".length())
                                            .strip()),
                            StandardCharsets.UTF_8)
                    .split(":", 2);
            if (parts.length < 2) {
                return new Sender.Rejected("The Authorization has no password.");
            }
            return verified.contains(parts[0], parts[1], known.version())
                    ? known(parts[0], Proof.PASSWORD)
                    : new Sender.Unverified(parts[0], parts[1]);
        } catch (IllegalArgumentException e) {
            return new Sender.Rejected("The Authorization is not valid Base64.");
        }
    }

    /** How long this address has to wait before its next password is verified. */
    Duration pause(String address) {
        return attempts.pause(address);
    }

    /** Verifies a password; slow on purpose, so never on an event loop. Empty if it is wrong, or the address has to wait. */
    Optional<Caller> verify(String address, String user, String password) {
        UserFile known = users;
        if (known == null || !pause(address).isZero()) {
            return Optional.empty();
        }
        attempts.begin(address);
        long version = known.version();
        if (!known.verify(user, password)) {
            return Optional.empty();
        }
        attempts.succeeded(address);
        verified.add(user, password, version);
        return Optional.of(new Caller(user, role(user), Proof.PASSWORD));
    }

    /** A new code for a one-time login address, for the owner of the data folder. */
    String newCode() {
        return sessions.newCode();
    }

    /** The user of a one-time login address; empty if its code is not valid. It counts as an attempt. */
    Optional<Caller> redeem(String address, String code) {
        if (!pause(address).isZero()) {
            return Optional.empty();
        }
        attempts.begin(address);
        if (!sessions.take(code)) {
            return Optional.empty();
        }
        attempts.succeeded(address);
        return Optional.of(new Caller(OWNER, Role.OPERATOR, Proof.SESSION));
    }

    /** The cookie of a new session of this user. */
    Cookie begin(Caller caller, boolean encrypted) {
        String secret = sessions.begin(new Caller(caller.name(), caller.role(), Proof.SESSION));
        return cookie(secret, encrypted);
    }

    /** Ends the session of a request. Returns the cookie that removes the session's cookie from the browser. */
    Cookie end(HttpServerRequest request) {
        Cookie cookie = request.getCookie(COOKIE);
        if (cookie != null) {
            sessions.end(cookie.getValue());
        }
        return cookie("", request.isSSL()).setMaxAge(0);
    }

    private static Cookie cookie(String value, boolean encrypted) {
        return Cookie.cookie(COOKIE, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(encrypted)
                .setSameSite(CookieSameSite.STRICT);
    }

    private Sender known(String user, Proof proof) {
        return new Sender.Known(new Caller(user, role(user), proof));
    }

    private Role role(String user) {
        return operators.contains(user) ? Role.OPERATOR : Role.VIEWER;
    }

    private boolean isStillUser(Caller caller) {
        UserFile known = users;
        return caller.name().equals(OWNER) || known == null || known.has(caller.name());
    }

    private boolean isProxy(HttpServerRequest request) {
        if (proxies.isEmpty()) {
            return false;
        }
        try {
            return proxies.contains(
                    InetAddress.getByName(request.connection().remoteAddress().hostAddress()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the address of a connection is numeric", e);
        }
    }

    /** The common name of the client certificate, which the TLS handshake has verified. */
    private static Optional<String> certified(HttpServerRequest request) {
        if (!request.isSSL()) {
            return Optional.empty();
        }
        try {
            List<Certificate> chain = request.connection().peerCertificates();
            if (chain.isEmpty() || !(chain.get(0) instanceof X509Certificate certificate)) {
                return Optional.empty();
            }
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(String::valueOf)
                            .findFirst();
        } catch (SSLPeerUnverifiedException noCertificate) {
            return Optional.empty();
        } catch (InvalidNameException e) {
            throw new IllegalStateException("the subject of a certificate is a valid name", e);
        }
    }

    private static Set<InetAddress> addresses(List<String> numeric) {
        Set<InetAddress> addresses = new HashSet<>();
        for (String each : numeric) {
            try {
                addresses.add(InetAddress.getByName(each));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("not a numeric address: " + each, e);
            }
        }
        return Set.copyOf(addresses);
    }
}
