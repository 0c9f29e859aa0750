package io.nuner.engine.trt.binding.compiler;

import io.nuner.engine.trt.build.PlanCompiler;
import io.nuner.engine.trt.library.LibrarySet;

/**
 * All that the compiling process has to know. Immutable.
 *
 * @param request what to compile
 * @param libraries what to load for it
 * @param workspaceBytes see {@link CompilerProcess.Settings}
 * @param writeLayers see {@link CompilerProcess.Settings}
 */
record CompileJob(PlanCompiler.Request request, LibrarySet libraries, long workspaceBytes, boolean writeLayers) {}
