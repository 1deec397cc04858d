package io.licenserelay.simulator.ssm;

import io.licenserelay.simulator.fault.ActiveFault;
import io.licenserelay.simulator.fault.Fault;
import io.licenserelay.simulator.fault.Faults;
import io.licenserelay.simulator.fault.JsonDefects;
import io.licenserelay.simulator.fault.RequestSubject;
import io.licenserelay.simulator.http.AnswerPlan;
import io.licenserelay.simulator.http.Call;
import io.licenserelay.simulator.http.ClientConnection;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Faults that affect single requests. */
public final class RequestFaults {
    private static final String LOGIN_PAGE = """
            <!DOCTYPE html>
            <html><head><title>Smart Software Manager On-Prem</title></head>
            <body><form action="/users/sign_in"><input name="user"><input type="password"></form></body></html>
            """;

    private final Faults faults;

    public RequestFaults(Faults faults) {
        this.faults = faults;
    }

    /** Applies the active faults. Returns true if a fault answered the request or broke the connection. */
    public boolean answer(Call call, RequestSubject subject, ClientConnection connection)
            throws IOException, InterruptedException {
        ActiveFault latency = faults.hits(Fault.LATENCY, subject);
        if (latency != null) {
            Thread.sleep(latency.number("millis"));
        }
        return breaksConnection(connection, subject)
                || prepareAnswer(call, connection, subject)
                || answersStatus(call, subject)
                || answersUnusableBody(call, subject);
    }

    private boolean breaksConnection(ClientConnection connection, RequestSubject subject) {
        if (hitsFiltered(Fault.RESET, subject)) {
            connection.reset();
            return true;
        }
        if (hitsFiltered(Fault.STALL, subject)) {
            connection.stall();
            return true;
        }
        return false;
    }

    /** Without a filter, these two faults act on the connection, not on the request. */
    private boolean hitsFiltered(Fault fault, RequestSubject subject) {
        return faults.onConnection(fault) == null && faults.hits(fault, subject) != null;
    }

    /** Applies the faults that change the later answer. Always returns false, because it sends no answer. */
    private boolean prepareAnswer(Call call, ClientConnection connection, RequestSubject subject) {
        ActiveFault reset = faults.hits(Fault.RESET_MIDWAY, subject);
        ActiveFault cut = reset != null ? reset : faults.hits(Fault.CUT_BODY, subject);
        ActiveFault bandwidth = faults.hits(Fault.BANDWIDTH, subject);
        ActiveFault slowClose = faults.hits(Fault.SLOW_CLOSE, subject);
        ActiveFault skew = faults.hits(Fault.CLOCK_SKEW, subject);
        connection.follow(new AnswerPlan(
                cut == null ? -1 : cut.number("bytes"),
                reset != null,
                bandwidth == null ? 0 : bandwidth.number("bytes-per-second"),
                slowClose == null ? 0 : slowClose.number("millis"),
                skew == null ? 0 : skew.number("seconds")));
        if (slowClose != null) {
            call.with("Connection", "close");
        }
        ActiveFault header = faults.hits(Fault.EXTRA_HEADER, subject);
        if (header != null) {
            call.with(header.text("name"), header.text("value"));
        }
        shape(call, subject);
        return false;
    }

    private void shape(Call call, RequestSubject subject) {
        ActiveFault missing = faults.hits(Fault.MISSING_FIELD, subject);
        if (missing != null) {
            call.shape(json -> JsonDefects.without(json, missing.text("field")));
        }
        ActiveFault huge = faults.hits(Fault.HUGE_NUMBER, subject);
        if (huge != null) {
            call.shape(json -> JsonDefects.hugeNumbers(json, (int) huge.number("digits")));
        }
        if (faults.hits(Fault.WRONG_CHARSET, subject) != null) {
            call.encode(StandardCharsets.ISO_8859_1);
        }
        call.empty(faults.hits(Fault.EMPTY, subject) != null);
    }

    private boolean answersStatus(Call call, RequestSubject subject) throws IOException {
        ActiveFault fault;
        if (faults.hits(Fault.BAD_GATEWAY, subject) != null) {
            nginx(call, 502, "Bad Gateway");
        } else if ((fault = faults.hits(Fault.UNAVAILABLE, subject)) != null) {
            nginx(retryAfter(call, fault), 503, "Service Temporarily Unavailable");
        } else if (faults.hits(Fault.SERVICE_DOWN, subject) != null) {
            nginx(call, 500, "Internal Server Error");
        } else if (faults.hits(Fault.SERVER_ERROR, subject) != null) {
            call.error(500, "Internal Server Error");
        } else if ((fault = faults.hits(Fault.RATE_LIMITED, subject)) != null) {
            retryAfter(call, fault).error(429, "Too Many Requests");
        } else if (faults.hits(Fault.FORBIDDEN, subject) != null) {
            call.error(403, "not allowed");
        } else if (faults.hits(Fault.NOT_FOUND, subject) != null) {
            call.error(404, "no such resource");
        } else if (faults.hits(Fault.NOT_ALLOWED, subject) != null) {
            call.error(405, "method not allowed");
        } else {
            return answersToken(call, subject);
        }
        return true;
    }

    private boolean answersToken(Call call, RequestSubject subject) throws IOException {
        if (!subject.resource().equals("token")) {
            boolean rejected = faults.hits(Fault.TOKEN_REFUSED, subject) != null;
            if (rejected) {
                SimulatedTokenEndpoint.reject(call, 401, OAuthError.INVALID_TOKEN);
            }
            return rejected;
        }
        ActiveFault fault = faults.hits(Fault.TOKEN_ERROR, subject);
        if (fault != null) {
            SimulatedTokenEndpoint.reject(
                    call, (int) fault.number("status"), fault.text("error"), OAuthError.describe(fault.text("error")));
        }
        return fault != null;
    }

    private boolean answersUnusableBody(Call call, RequestSubject subject) throws IOException {
        ActiveFault fault;
        boolean tokenPage = subject.resource().equals("token") && faults.hits(Fault.HTML_TOKEN, subject) != null;
        if (tokenPage || faults.hits(Fault.HTML, subject) != null) {
            call.text(200, "text/html; charset=utf-8", LOGIN_PAGE);
        } else if ((fault = faults.hits(Fault.STATUS, subject)) != null) {
            call.text((int) fault.number("status"), "application/json", fault.text("body"));
        } else if ((fault = faults.hits(Fault.ECHO, subject)) != null) {
            echo(call, (int) fault.number("status"));
        } else if ((fault = faults.hits(Fault.DEEP_JSON, subject)) != null) {
            int depth = (int) fault.number("depth");
            String nested = "[".repeat(depth) + "]".repeat(depth);
            call.text(200, "application/json; charset=utf-8", "{\"licenses\":" + nested + "}");
        } else if (faults.hits(Fault.ENDLESS, subject) != null) {
            endless(call);
        } else {
            return false;
        }
        return true;
    }

    private static void echo(Call call, int status) throws IOException {
        String body = new String(call.body(), StandardCharsets.UTF_8);
        String message = "cannot handle " + call.header("Authorization") + " with " + body;
        call.answer(status, Json.object().put("statusMessage", message));
    }

    /** Writes until the client or the simulator closes the connection, which ends the loop with an exception. */
    private static void endless(Call call) throws IOException {
        byte[] blanks = new byte[8192];
        Arrays.fill(blanks, (byte) ' ');
        try (OutputStream out = call.open(200)) {
            out.write('{');
            while (!Thread.currentThread().isInterrupted()) {
                out.write(blanks);
            }
        }
    }

    private static Call retryAfter(Call call, ActiveFault fault) {
        String seconds = fault.text("retry-after");
        return seconds.isEmpty() ? call : call.with("Retry-After", seconds);
    }

    private static void nginx(Call call, int status, String title) throws IOException {
        call.text(
                status,
                "text/html",
                "<html>\r\n<head><title>" + status + " " + title + "</title></head>\r\n<body>\r\n<center><h1>" + status
                        + " " + title + "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n");
    }
}
