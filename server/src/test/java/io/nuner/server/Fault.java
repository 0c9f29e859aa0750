package io.nuner.server;

import io.grpc.Status;
import io.nuner.engine.testing.FakeEngine;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * One way in which an engine misbehaves.
 *
 * @param name for the test report
 * @param script tells the engine; the latch opens when the test is over
 * @param sound codes that a sound text may get
 * @param poisoned codes that a poisoned text may get
 * @param fatal whether no engine is left
 */
record Fault(String name, Script script, Set<Status.Code> sound, Set<Status.Code> poisoned, boolean fatal) {
    static final Set<Status.Code> OK = Set.of(Status.Code.OK);
    static final Set<Status.Code> INTERNAL = Set.of(Status.Code.INTERNAL);
    static final Set<Status.Code> OK_OR_INTERNAL = Set.of(Status.Code.OK, Status.Code.INTERNAL);
    static final Set<Status.Code> OK_OR_UNAVAILABLE = Set.of(Status.Code.OK, Status.Code.UNAVAILABLE);

    /** Now and then a run fails; a text is unlucky if that is the run it has for itself. */
    static Fault sometimes(String name, Script script) {
        return new Fault(name, script, OK_OR_INTERNAL, OK_OR_INTERNAL, false);
    }

    /** Poisoned texts fail, and nothing else does. */
    static Fault poison(String name, Script script) {
        return new Fault(name, script, OK, INTERNAL, false);
    }

    /** No text suffers. */
    static Fault harmless(String name, Script script) {
        return new Fault(name, script, OK, OK, false);
    }

    /** A lane is lost and replaced. */
    static Fault survived(String name, Script script) {
        return new Fault(name, script, OK_OR_UNAVAILABLE, OK_OR_UNAVAILABLE, false);
    }

    /** The engine is lost. */
    static Fault fatal(String name, Script script) {
        return new Fault(name, script, OK_OR_UNAVAILABLE, OK_OR_UNAVAILABLE, true);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Tells an engine how to misbehave. */
    @FunctionalInterface
    interface Script {
        void apply(FakeEngine engine, CountDownLatch over);
    }
}
