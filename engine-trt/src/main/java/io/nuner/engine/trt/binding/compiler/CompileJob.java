package io.nuner.engine.trt.binding.compiler;

import io.nuner.engine.trt.build.CompileRequest;
import io.nuner.engine.trt.library.LibrarySet;

/**
 * All that the compiling process has to know. Immutable.
 *
 * @param request what to compile
 * @param libraries what to load for it
 * @param workspaceBytes see {@link CompilerSettings}
 * @param writeLayers see {@link CompilerSettings}
 */
record CompileJob(CompileRequest request, LibrarySet libraries, long workspaceBytes, boolean writeLayers) {}
