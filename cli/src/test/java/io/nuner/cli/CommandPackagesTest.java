package io.nuner.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands share {@code common}; {@code Nuner} knows the commands, and no command knows it. */
class CommandPackagesTest {
    private static final JavaClasses COMMANDS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.nuner.cli");

    private static final ArchRule NO_CIRCLES =
            slices().matching("io.nuner.cli.(*)..").should().beFreeOfCycles();

    private static final ArchRule NUNER_IS_ON_TOP = classes()
            .that()
            .resideInAPackage("io.nuner.cli")
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAPackage("io.nuner.cli");

    @Test
    void packagesFormNoCircle() {
        NO_CIRCLES.check(COMMANDS);
    }

    @Test
    void nunerIsOnTop() {
        NUNER_IS_ON_TOP.check(COMMANDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench", "eval", "extract", "plan"})
    void aCommandThatAsksAServerIsKnownToNunerOnly(String command) {
        noClasses()
                .that()
                .resideInAPackage("io.nuner.cli.*..")
                .and()
                .resideOutsideOfPackage("io.nuner.cli." + command)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.nuner.cli." + command)
                .check(COMMANDS);
    }
}
