package io.nuner.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.nuner.server", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule PACKAGES_POINT_AT_THE_BATCHER = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.nuner.server..")
            .layer("root")
            .definedBy("io.nuner.server")
            .layer("rpc")
            .definedBy("io.nuner.server.rpc..")
            .layer("execution")
            .definedBy("io.nuner.server.execution..")
            .layer("batching")
            .definedBy("io.nuner.server.batching..")
            .layer("observe")
            .definedBy("io.nuner.server.observe..")
            .whereLayer("root")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("rpc")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("execution")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("batching")
            .mayOnlyAccessLayers()
            .whereLayer("observe")
            .mayOnlyAccessLayers();

    @ArchTest
    static final ArchRule NO_VENDOR_IS_KNOWN = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.microsoft.onnxruntime..", "ai.onnxruntime..", "org.bytedeco..");

    @ArchTest
    static final ArchRule THE_CORE_KNOWS_NO_GRPC = noClasses()
            .that()
            .resideInAnyPackage("io.nuner.server.batching..", "io.nuner.server.execution..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "com.google.protobuf..", "io.nuner.v1..", "io.nuner.model..");
}
