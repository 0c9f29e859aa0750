package io.nuner.model.hub;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ServerSocketFactory;

/** An HTTP server on a socket of this machine that can break every rule. One request for each connection. */
final class FaultyServer implements AutoCloseable {
    private final ServerSocket listening;
    private final Function<FakeRequest, FakeReply> answers;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Collection<Socket> open = new ConcurrentLinkedQueue<>();
    private final Collection<FakeRequest> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch resumed = new CountDownLatch(1);

    private FaultyServer(ServerSocket listening, Function<FakeRequest, FakeReply> answers) {
        this.listening = listening;
        this.answers = answers;
    }

    static FaultyServer start(Function<FakeRequest, FakeReply> answers) throws IOException {
        return start(answers, ServerSocketFactory.getDefault());
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    static FaultyServer start(Function<FakeRequest, FakeReply> answers, ServerSocketFactory sockets)
            throws IOException {
        FaultyServer server =
                new FaultyServer(sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress()), answers);
        server.threads.submit(server::accept);
        return server;
    }

    String address() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** All requests so far, in the order of their arrival. */
    List<FakeRequest> requests() {
        return List.copyOf(requests);
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

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            FakeRequest request = read(in);
            requests.add(request);
            write(answers.apply(request), request, socket);
        } catch (IOException e) {
            // the client went away, which some tests are about
        }
    }

    private static FakeRequest read(InputStream in) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
        String first = lines.readLine();
        if (first == null) {
            throw new IOException("a connection without a request");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        String[] words = first.split(" ", -1);
        return new FakeRequest(words[0], words[1], headers);
    }

    private void write(FakeReply reply, FakeRequest request, Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(reply.head().getBytes(StandardCharsets.ISO_8859_1));
        if (!"HEAD".equals(request.method())) {
            out.write(reply.sentBytes());
        }
        out.flush();
        switch (reply.ending()) {
            case CLOSE -> socket.shutdownOutput();
            case RESET -> socket.setSoLinger(true, 0);
            case SILENCE -> awaitTheClient(socket.getInputStream());
            case PAUSE -> {
                awaitResume();
                out.write(reply.restOfBytes());
            }
        }
    }

    /** Lets all answers that pause go on. */
    void resume() {
        resumed.countDown();
    }

    private void awaitResume() throws IOException {
        try {
            resumed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Returns when the client has closed the connection. */
    private static void awaitTheClient(InputStream in) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
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
