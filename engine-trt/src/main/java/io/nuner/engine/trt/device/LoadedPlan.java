package io.nuner.engine.trt.device;

import java.util.Set;

/** A plan on a GPU. Any thread. Never freed: the binding has no way to free it, so plans live as long as the process. */
public interface LoadedPlan {
    /** Names of its inputs. */
    Set<String> inputs();

    /** Names of its outputs. */
    Set<String> outputs();

    /** Optimization profiles, numbered from 0. */
    int profiles();

    /** Scratch memory that a context needs, whatever its profile. */
    long scratchBytes();

    /**
     * What runs the plan. Never freed, so there may only ever be a bounded number.
     *
     * @param profile for shapes of this profile
     * @param scratch at least {@link #scratchBytes()}; contexts that never run at the same time may share it. Stays the
     *     caller's
     */
    PlanContext newContext(int profile, DeviceMemory scratch) throws DeviceException;
}
