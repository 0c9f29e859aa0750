package io.nuner.model.hub;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A proxy on loopback that forwards requests and opens tunnels. Remembers the head of every request, and wants a login if it is
 * given one. One request for each connection.
 */
public final class FakeProxy implements AutoCloseable {
    private static final String NO_LOGIN =
            "HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Collection<String> heads = new ConcurrentLinkedQueue<>();
    private final Collection<Socket> open = new ConcurrentLinkedQueue<>();
    private final String wanted;

    /** A proxy that lets pass whoever sends this value of Proxy-Authorization; everybody if it is empty. */
    @SuppressWarnings("FutureReturnValueIgnored")
    public FakeProxy(String wanted) throws IOException {
        this.wanted = wanted;
        threads.submit(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Line and headers of each request so far. */
    public List<String> heads() {
        return List.copyOf(heads);
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                open.add(socket);
                threads.submit(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            String head = head(in);
            heads.add(head);
            if (!wanted.isEmpty() && !head.contains("Proxy-Authorization: " + wanted + "\r\n")) {
                client.getOutputStream().write(NO_LOGIN.getBytes(StandardCharsets.US_ASCII));
            } else if (head.startsWith("CONNECT ")) {
                tunnel(head.split(" ", -1)[1], client, in);
            } else {
                forward(head, client);
            }
        } catch (IOException e) {
            // one of the two went away
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("a connection without a request");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void tunnel(String authority, Socket client, InputStream fromClient) throws IOException {
        int port = Integer.parseInt(authority.substring(authority.lastIndexOf(':') + 1));
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream toClient = client.getOutputStream();
            toClient.write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            threads.submit(() -> fromClient.transferTo(server.getOutputStream()));
            server.getInputStream().transferTo(toClient);
        }
    }

    private static void forward(String head, Socket client) throws IOException {
        String[] words = head.split(" ", 3);
        URI target = URI.create(words[1]);
        String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target.getPort())) {
            String asked = words[0] + " " + target.getRawPath() + query + " " + words[2];
            server.getOutputStream().write(asked.getBytes(StandardCharsets.ISO_8859_1));
            server.getInputStream().transferTo(client.getOutputStream());
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
