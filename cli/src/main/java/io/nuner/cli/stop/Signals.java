package io.nuner.cli.stop;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Takes signals away from the virtual machine, by {@code sun.misc.Signal} of the module jdk.unsupported.
 *
 * <p>By reflection, because the compiler warns of that class in a way that no annotation silences. The class itself is
 * exported and open in every JDK from 9 on, and has no successor.
 */
final class Signals {
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private Signals() {}

    /**
     * Lets every {@link StopSignal} go to the receiver, each time on a new daemon thread. A signal stays as it was where the
     * virtual machine does not give it away: started with {@code -Xrs}, on a system without it, or in a process that was told
     * to ignore it, such as SIGHUP by {@code nohup}.
     *
     * @throws IllegalStateException if this Java has no module jdk.unsupported
     */
    static void take(Consumer<StopSignal> receiver) {
        try {
            Class<?> type = Class.forName(SIGNAL);
            for (StopSignal signal : StopSignal.values()) {
                take(type, signal, receiver);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no module jdk.unsupported", e);
        }
    }

    private static void take(Class<?> type, StopSignal signal, Consumer<StopSignal> receiver)
            throws ReflectiveOperationException {
        Class<?> handlerType = Class.forName(HANDLER);
        Method handle = type.getMethod("handle", type, handlerType);
        Object handler = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (self, method, arguments) -> {
                    receiver.accept(signal);
                    return null; // a handler has one method, and that returns nothing
                });
        try {
            handle.invoke(null, type.getConstructor(String.class).newInstance(signal.name()), handler);
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw e;
            }
            return; // not given away: it ends the process as it ends any other
        }
    }
}
