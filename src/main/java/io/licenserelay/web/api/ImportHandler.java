package io.licenserelay.web.api;

import io.licenserelay.actions.ReportActions;
import io.licenserelay.store.AtomicFiles;
import io.licenserelay.store.OwnerOnly;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.web.answer.Answers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives files with usage reports: {@code POST /api/v1/reports/import?site=…&name=…} with the file as the body. The file goes to the data
 * folder piece by piece, so that its size does not need memory.
 */
public final class ImportHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ImportHandler.class);
    private static final String PREFIX = "import-";
    private static final int LONGEST_NAME = 255;

    private final Path data;
    private final WorkRequests requests;

    public ImportHandler(Path data, WorkRequests requests) {
        this.data = data;
        this.requests = requests;
    }

    /**
     * Adds the path to the router, and deletes the partly received files of a killed relay.
     *
     * @throws IOException if the data folder cannot be read or changed
     */
    public void addTo(Router router) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(data, PREFIX + "*" + AtomicFiles.PART)) {
            for (Path part : parts) {
                Files.deleteIfExists(part);
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
        router.post("/api/v1/reports/import").handler(this::receive);
    }

    private void receive(RoutingContext context) {
        HttpServerRequest request = context.request();
        String site = request.getParam("site");
        String name = request.getParam("name");
        if (site == null || name == null || name.isBlank() || name.length() > LONGEST_NAME) {
            Answers.problem(
                    context,
                    400,
                    "Write the site and the name of the file: /api/v1/reports/import?site=hq&name=usage.txt");
            return;
        }
        Path part = data.resolve(PREFIX + UUID.randomUUID() + AtomicFiles.PART);
        try {
            Upload upload = new Upload(
                    context, part, OwnerOnly.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            request.handler(upload::add);
            request.exceptionHandler(upload::broken);
            request.endHandler(arrived -> upload.complete(site, name));
        } catch (IOException e) {
            context.fail(e);
        }
    }

    /** One file. Its methods are called on the event loop of its connection, one after the other. */
    private final class Upload {
        private final RoutingContext context;
        private final Path part;
        private final FileChannel file;
        private long bytes;
        private boolean over;

        Upload(RoutingContext context, Path part, FileChannel file) {
            this.context = context;
            this.part = part;
            this.file = file;
        }

        /** The page cache takes a piece of a few kilobytes at once, so the write may be done here. */
        void add(Buffer piece) {
            if (over) {
                return;
            }
            bytes += piece.length();
            if (bytes > ReportActions.MOST_IMPORT_BYTES) {
                end();
                Answers.problem(context, 413, ReportActions.TOO_LARGE);
                return;
            }
            try {
                ByteBuffer buffer = ByteBuffer.wrap(piece.getBytes());
                while (buffer.hasRemaining()) {
                    bytes += Math.min(0, file.write(buffer));
                }
            } catch (IOException e) {
                end();
                context.fail(e);
            }
        }

        void broken(Throwable why) {
            LOG.info("A file was not received whole: {}", why.getMessage());
            end();
        }

        void complete(String site, String name) {
            if (over) {
                return;
            }
            over = true;
            context.vertx()
                    .executeBlocking(() -> imported(site, name), false)
                    .onSuccess(answer -> send(context, answer))
                    .onFailure(context::fail);
        }

        private ApiAnswer imported(String site, String name) throws Exception {
            file.close();
            try {
                WorkRequest request = requests.importFile(site, name, part);
                // The file is needed until the work has ended, and an import takes seconds.
                if (request.awaited(Duration.ofMinutes(10)).finished() == null) {
                    return ApiAnswer.problem(503, "The import takes longer than 10 minutes; see the relay's log.");
                }
                return ApiAnswer.of(request);
            } catch (Sites.UnknownSite e) {
                return ApiAnswer.problem(404, String.valueOf(e.getMessage()));
            } catch (WorkRequests.Busy e) {
                return ApiAnswer.problem(503, String.valueOf(e.getMessage()));
            } finally {
                Files.deleteIfExists(part);
            }
        }

        private void end() {
            over = true;
            try {
                file.close();
                Files.deleteIfExists(part);
            } catch (IOException e) {
                LOG.warn("The partly received file {} could not be deleted", part, e);
            }
        }
    }

    private static void send(RoutingContext context, ApiAnswer answer) {
        Answers.send(context, answer.status(), answer.type(), answer.body().getBytes(StandardCharsets.UTF_8));
    }
}
