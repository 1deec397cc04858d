package io.licenserelay.web.access;

import io.licenserelay.web.access.Caller.Proof;
import io.licenserelay.web.answer.Answers;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logging in with a one-time address or a password, and logging out. */
public final class LoginHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(LoginHandlers.class);

    /** A name and a password, and not a file. */
    private static final int MOST_BYTES = 4 * 1024;

    private static final String HTML = "text/html; charset=utf-8";

    private final Logins logins;
    private final LoginPage page;

    /** The page with the form. */
    public interface LoginPage {
        /**
         * The page as HTML.
         *
         * @param message what went wrong before; empty for nothing
         * @param withPasswords whether users can log in with a password
         */
        String form(String message, boolean withPasswords);

        /** The page after a login with an address, as HTML. It leads to the console. */
        String loggedIn();
    }

    public LoginHandlers(Logins logins, LoginPage page) {
        this.logins = logins;
        this.page = page;
    }

    /** Adds the paths to the router, behind the gate. */
    public void addTo(Router router) {
        router.get(Gate.LOGIN).handler(this::open);
        router.post(Gate.LOGIN)
                .handler(BodyHandler.create(false).setBodyLimit(MOST_BYTES))
                .handler(this::logIn);
        router.post("/logout").handler(this::logOut);
        router.post("/api/v1/login-addresses").handler(this::createAddress);
    }

    private void open(RoutingContext context) {
        String code = context.request().getParam("code");
        if (code == null) {
            answer(context, 200, "");
            return;
        }
        if (context.request().method().name().equals("HEAD")) {
            // A program that only looks must not use the address up.
            answer(context, 200, "");
            return;
        }
        String address = Gate.address(context);
        Optional<Caller> caller = logins.redeem(address, code);
        if (caller.isEmpty()) {
            LOG.warn("A one-time login address from {} was not valid", address);
            answer(
                    context,
                    403,
                    "This login address was used already, or is too old. license-relay console makes a new one.");
            return;
        }
        begin(context, caller.get());
        // Not a redirect: after a click on a link of another program, a browser would follow it without the new cookie.
        Answers.send(context, 200, HTML, page.loggedIn().getBytes(StandardCharsets.UTF_8));
    }

    private void logIn(RoutingContext context) {
        HttpServerRequest request = context.request();
        String user = Optional.ofNullable(request.getFormAttribute("user")).orElse("");
        String password =
                Optional.ofNullable(request.getFormAttribute("password")).orElse("");
        String address = Gate.address(context);
        Duration pause = logins.pause(address);
        if (!pause.isZero()) {
            Gate.setPause(context, pause);
            answer(context, 429, Gate.TOO_MANY);
            return;
        }
        context.vertx()
                .executeBlocking(() -> logins.verify(address, user, password), false)
                .onSuccess(caller -> {
                    if (caller.isPresent()) {
                        LOG.info("{} logged in from {}", caller.get().name(), address);
                        begin(context, caller.get());
                        Answers.redirect(context, "/");
                    } else {
                        LOG.warn("A login from {} failed: wrong user or password", address);
                        answer(context, 403, "Wrong user or password.");
                    }
                })
                .onFailure(context::fail);
    }

    private void begin(RoutingContext context, Caller caller) {
        context.response().addCookie(logins.begin(caller, context.request().isSSL()));
    }

    private void logOut(RoutingContext context) {
        context.response().addCookie(logins.end(context.request()));
        Answers.redirect(context, Gate.LOGIN);
    }

    /** Only for commands on the data folder: a user who is logged in needs no address. */
    private void createAddress(RoutingContext context) {
        if (Callers.of(context).proof() != Proof.TOKEN) {
            Answers.problem(context, 403, "Only the token of " + ApiToken.FILE + " creates login addresses.");
            return;
        }
        Answers.json(context, 201, Map.of("path", Gate.LOGIN + "?code=" + logins.newCode()));
    }

    private void answer(RoutingContext context, int status, String message) {
        Answers.send(
                context, status, HTML, page.form(message, logins.hasPasswords()).getBytes(StandardCharsets.UTF_8));
    }
}
