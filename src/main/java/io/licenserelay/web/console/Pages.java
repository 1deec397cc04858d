package io.licenserelay.web.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.licenserelay.web.access.LoginHandlers.LoginPage;
import io.licenserelay.web.assets.Assets;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;

/** The pages, behind the gate. Thread-safe. */
public final class Pages implements LoginPage {
    private final Assets assets = new Assets();
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);

    /** Adds the paths of the pages and of their files to the router. */
    public void addTo(Router router) {
        assets.addTo(router);
    }

    @Override
    public String form(String message, boolean withPasswords) {
        return render(
                "login.jte",
                Map.of(
                        "shell",
                        new Shell("Log in", "/login", null, List.of(), assets),
                        "message",
                        message,
                        "withPasswords",
                        withPasswords));
    }

    @Override
    public String loggedIn() {
        return render("loggedIn.jte", Map.of("shell", new Shell("Logged in", "/login", null, List.of(), assets)));
    }

    private String render(String template, Map<String, Object> parameters) {
        StringOutput html = new StringOutput();
        templates.render(template, parameters, html);
        return html.toString();
    }
}
