package io.nuner.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.nuner.server");

    private static final ArchRule PACKAGES_POINT_AT_THE_BATCHER = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.nuner.server..")
            .layer("root")
            .definedBy("io.nuner.server")
            .layer("config")
            .definedBy("io.nuner.server.config..")
            .layer("rpc")
            .definedBy("io.nuner.server.rpc..")
            .layer("texts")
            .definedBy("io.nuner.server.texts..")
            .layer("execution")
            .definedBy("io.nuner.server.execution..")
            .layer("batching")
            .definedBy("io.nuner.server.batching..")
            .layer("observe")
            .definedBy("io.nuner.server.observe..")
            .layer("costs")
            .definedBy("io.nuner.server.costs..")
            .layer("transport")
            .definedBy("io.nuner.server.transport..")
            .layer("answers")
            .definedBy("io.nuner.server.answers..")
            .whereLayer("answers")
            .mayOnlyAccessLayers("transport", "batching")
            .whereLayer("root")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("rpc")
            .mayOnlyBeAccessedByLayers("root", "config")
            .whereLayer("texts")
            .mayOnlyAccessLayers("batching", "answers", "observe")
            .whereLayer("execution")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("batching")
            .mayOnlyAccessLayers("costs")
            .whereLayer("observe")
            .mayNotAccessAnyLayer()
            .whereLayer("transport")
            .mayNotAccessAnyLayer()
            .whereLayer("costs")
            .mayNotAccessAnyLayer();

    private static final ArchRule NO_VENDOR_IS_KNOWN = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.microsoft.onnxruntime..", "ai.onnxruntime..", "org.bytedeco..");

    private static final ArchRule THE_CORE_KNOWS_NO_GRPC = noClasses()
            .that()
            .resideInAnyPackage("io.nuner.server.batching..", "io.nuner.server.costs..", "io.nuner.server.execution..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "com.google.protobuf..", "io.nuner.v1..", "io.nuner.model..");

    @Test
    void packagesPointAtTheBatcher() {
        PACKAGES_POINT_AT_THE_BATCHER.check(SERVER);
    }

    @Test
    void noVendorIsKnown() {
        NO_VENDOR_IS_KNOWN.check(SERVER);
    }

    @Test
    void theCoreKnowsNoGrpc() {
        THE_CORE_KNOWS_NO_GRPC.check(SERVER);
    }
}
