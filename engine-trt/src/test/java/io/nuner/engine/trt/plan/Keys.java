package io.nuner.engine.trt.plan;

import io.nuner.engine.CompileSettings.Precision;
import io.nuner.engine.EngineLimits;
import io.nuner.engine.trt.device.DeviceInfo;
import io.nuner.engine.trt.profile.ProfileSet;
import java.util.List;
import java.util.Set;

/** Keys of plans that nobody built. */
final class Keys {
    static final DeviceInfo DEVICE = new DeviceInfo(0, "NVIDIA H200", "9.0", 132, 150_000_000_000L, "13.0");
    static final PlanKey.Model MODEL =
            new PlanKey.Model("a".repeat(64), "b".repeat(64), "c".repeat(64), "1", Precision.FP16);
    static final ProfileSet PROFILES = ProfileSet.of(List.of(32, 64, 128), new EngineLimits(16, 512, 4096, 25));
    static final PlanKey.Options OPTIONS = new PlanKey.Options(PROFILES, 3, "none", Set.of("TF32", "DIRECT_IO"));
    static final PlanKey.Target TARGET = new PlanKey.Target("11.2.1.2", DEVICE, "linux-amd64", "sm90");

    private Keys() {}

    static PlanKey some() {
        return PlanKey.of(MODEL, OPTIONS, TARGET);
    }

    static PlanKey ofModel(String sha256) {
        PlanKey.Model model =
                new PlanKey.Model(sha256, MODEL.encoderSha256(), MODEL.headSha256(), MODEL.typing(), MODEL.precision());
        return PlanKey.of(model, OPTIONS, TARGET);
    }
}
