package io.licenserelay.simulator.fault;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the server sends instead of a valid TLS handshake. */
final class BadHandshake {
    private static final int TIMEOUT_MILLIS = 300_000;

    private BadHandshake() {}

    /** Answers as an HTTP server that reads the ClientHello as a malformed request. */
    static void plainHttp(Socket socket) throws IOException {
        readClientHello(socket);
        String page = "<html><head><title>400 Bad Request</title></head></html>\r\n";
        String answer = "HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: "
                + page.length() + "\r\nConnection: close\r\n\r\n" + page;
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        socket.shutdownOutput();
        readUntilClosed(socket);
    }

    /** A ServerHello (RFC 2246, 7.4.1.3) of TLS 1.0, which no current client accepts. */
    static void oldTls(Socket socket) throws IOException {
        readClientHello(socket);
        ByteBuffer hello = ByteBuffer.allocate(47);
        hello.put((byte) 22).putShort((short) 0x0301).putShort((short) 42); // a handshake record
        hello.put((byte) 2).put((byte) 0).putShort((short) 38); // a ServerHello
        hello.putShort((short) 0x0301).put(new byte[32]).put((byte) 0);
        hello.putShort((short) 0x002F).put((byte) 0); // TLS_RSA_WITH_AES_128_CBC_SHA, no compression
        socket.getOutputStream().write(hello.array());
        readUntilClosed(socket);
    }

    /** Reads until the client closes the connection. */
    static void readUntilClosed(Socket socket) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        InputStream in = socket.getInputStream();
        byte[] discarded = new byte[4096];
        int read;
        do {
            read = in.read(discarded);
        } while (read >= 0);
    }

    private static void readClientHello(Socket socket) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        int read = socket.getInputStream().read(new byte[4096]);
        if (read < 0) {
            throw new IOException("the client closed the connection before its ClientHello");
        }
    }
}
