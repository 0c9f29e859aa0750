package io.nuner.server;

import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Calls a server from many threads while its engine misbehaves: every fourth call is in a hurry, the others have all the
 * time they need.
 *
 * @param texts what is asked
 * @param calls how many calls, of all threads together
 * @param patienceMillis deadline of calls that are in no hurry: whatever happens, they must be answered before it
 * @param seed of the order of texts and deadlines
 */
record FaultLoad(FaultTexts texts, int calls, long patienceMillis, long seed) {
    private static final int CLIENTS = 32;
    private static final int HURRY_MILLIS = 20;

    /** Makes the calls; what became of them. */
    FaultAccount run(FaultSubject subject) throws Exception {
        FaultAccount account = new FaultAccount(seed);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int share = calls / CLIENTS + (client < calls % CLIENTS ? 1 : 0);
                Random random = new Random(seed + client);
                clients.add(() -> callMany(subject, account, share, random));
            }
            for (Future<Integer> client : threads.invokeAll(clients)) {
                account.sent(client.get());
            }
        } finally {
            threads.shutdownNow();
        }
        return account;
    }

    private int callMany(FaultSubject subject, FaultAccount account, int share, Random random) {
        for (int call = 0; call < share; call++) {
            callOnce(subject, account, random);
        }
        return share;
    }

    private void callOnce(FaultSubject subject, FaultAccount account, Random random) {
        int text = random.nextInt(texts.count());
        boolean hurried = random.nextInt(4) == 0;
        long deadline = hurried ? 1 + random.nextInt(HURRY_MILLIS) : patienceMillis;
        FaultAccount.Kind kind = new FaultAccount.Kind(texts.isPoisoned(text), hurried);
        try {
            boolean right = subject.extract(texts.request(text), deadline).equals(texts.answer(text));
            account.answered(kind, right);
        } catch (StatusRuntimeException e) {
            account.refused(kind, e.getStatus().getCode());
        }
    }
}
