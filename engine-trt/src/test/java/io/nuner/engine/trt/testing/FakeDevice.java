package io.nuner.engine.trt.testing;

import io.nuner.engine.trt.device.Device;
import io.nuner.engine.trt.device.DeviceEvent;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.device.LoadedPlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A GPU that is none. Work is queued and runs only when an event is waited for, so that nothing works by luck: not a buffer
 * that is written too early, not a result that is read too early. Any thread.
 */
public final class FakeDevice implements Device {
    private final DeviceInfo info;
    private final Set<Thread> current = ConcurrentHashMap.newKeySet();
    private final AtomicLong freeBytes = new AtomicLong(4L << 30);
    private final AtomicInteger contexts = new AtomicInteger();
    private final AtomicInteger captures = new AtomicInteger();
    private final AtomicInteger launches = new AtomicInteger();
    private final List<String> log = new ArrayList<>();
    /** Held while queued work runs: one GPU. */
    private final ReentrantLock running = new ReentrantLock();

    private volatile @Nullable Trouble trouble;
    private volatile boolean lost;

    FakeDevice(int index) {
        info = new DeviceInfo(index, "Fake GPU", "9.0", 132, 4L << 30, "13.0");
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public void makeCurrent() throws DeviceException {
        current.add(Thread.currentThread());
        requireAlive("cudaSetDevice");
    }

    @Override
    public FakeStream newStream() throws DeviceException {
        call("cudaStreamCreate");
        return new FakeStream(this);
    }

    @Override
    public DeviceEvent newEvent() throws DeviceException {
        call("cudaEventCreate");
        return new FakeEvent(this);
    }

    @Override
    public FakeMemory allocate(long bytes) throws DeviceException {
        call("cudaMalloc");
        if (freeBytes.addAndGet(-bytes) < 0) {
            freeBytes.addAndGet(bytes);
            throw DeviceException.outOfMemory("cudaMalloc: cudaErrorMemoryAllocation");
        }
        return new FakeMemory(bytes, freeBytes);
    }

    @Override
    public FakePinned allocatePinned(long bytes) throws DeviceException {
        call("cudaHostAlloc");
        return new FakePinned(bytes);
    }

    @Override
    public LoadedPlan load(ByteBuffer plan) throws DeviceException {
        call("deserializeCudaEngine");
        return FakePlan.read(this, plan);
    }

    /** Leaves so many bytes. */
    public void limitMemory(long bytes) {
        freeBytes.set(bytes);
    }

    /** Memory that nobody has. */
    public long freeBytes() {
        return freeBytes.get();
    }

    /** What goes wrong from now on; null for nothing. */
    public void trouble(@Nullable Trouble next) {
        trouble = next;
    }

    /** Contexts made so far. */
    public int contexts() {
        return contexts.get();
    }

    /** Graphs captured so far. */
    public int captures() {
        return captures.get();
    }

    /** Graphs launched so far. */
    public int launches() {
        return launches.get();
    }

    /** What ran, in order. */
    public List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    void ran(String what) {
        synchronized (log) {
            log.add(what);
        }
    }

    void contextMade() {
        contexts.incrementAndGet();
    }

    void captured() {
        captures.incrementAndGet();
    }

    void launched() {
        launches.incrementAndGet();
    }

    /** Every call comes here first. */
    void call(String name) throws DeviceException {
        if (!current.contains(Thread.currentThread())) {
            throw new IllegalStateException(name + " on a thread that did not make the GPU current");
        }
        requireAlive(name);
        Trouble now = trouble;
        if (now != null) {
            try {
                now.before(name);
            } catch (DeviceException e) {
                lost |= e.isSticky();
                throw e;
            }
        }
    }

    private void requireAlive(String name) throws DeviceException {
        if (lost) {
            throw DeviceException.sticky(name + ": cudaErrorIllegalAddress");
        }
    }

    /** Runs queued work; one thread at a time. */
    void whileRunning(Work work) throws DeviceException {
        running.lock();
        try {
            work.run();
        } finally {
            running.unlock();
        }
    }

    /** Fails calls. */
    @FunctionalInterface
    public interface Trouble {
        /** Throws if the call is to fail. */
        void before(String call) throws DeviceException;
    }

    /** Something queued. */
    @FunctionalInterface
    interface Work {
        void run() throws DeviceException;
    }
}
