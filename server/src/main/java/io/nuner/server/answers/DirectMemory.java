package io.nuner.server.answers;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;

/**
 * The memory outside the heap that holds the network's buffers. Any thread.
 *
 * <p>An allocation beyond the virtual machine's limit waits up to half a second for the garbage collector, even on an event
 * loop. So Netty gets a lower limit, at which an allocation fails at once.
 */
public final class DirectMemory {
    private static final String NETTY_LIMIT = "io.grpc.netty.shaded.io.netty.maxDirectMemory";

    private DirectMemory() {}

    /**
     * Sets Netty's limit to three quarters of the virtual machine's, unless it is set. Has no effect once a class of Netty has
     * been used in this process. Idempotent.
     */
    public static void boundNetty() {
        if (System.getProperty(NETTY_LIMIT) == null) {
            System.setProperty(NETTY_LIMIT, Long.toString(virtualMachineLimit() / 4 * 3));
        }
    }

    /** The option is zero unless it is set; the limit is then that of the heap. */
    private static long virtualMachineLimit() {
        long option = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
        return option > 0 ? option : Runtime.getRuntime().maxMemory();
    }

    /** Bytes that Netty has reserved. */
    public static long used() {
        return Math.max(0, PlatformDependent.usedDirectMemory());
    }

    /** Bytes that Netty may reserve. */
    public static long limit() {
        return PlatformDependent.maxDirectMemory();
    }

    /** True while less than an eighth is left. */
    static boolean isShort() {
        return used() > limit() / 8 * 7;
    }
}
