package io.nuner.model.export.checkpoint.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pickle without executing anything: numbers, texts, lists, tuples and dictionaries become Java values, and the few
 * names of {@link TorchObjects} become records. Any other opcode or name is refused. One thread at a time.
 *
 * <p>Opcodes: CPython, Lib/pickletools.py. Values made: Long, Double, Boolean, String, List, Map, {@link #NONE}, and the
 * records of {@link TorchObjects}.
 */
final class PickleMachine {
    /** Python's None. */
    static final Object NONE = new Object();

    private static final int MAX_OPCODES = 10_000_000;
    private static final int HIGHEST_PROTOCOL = 5;
    private static final int STOP = '.';

    private final PickleInput input;
    private final PickleStack stack = new PickleStack();

    private PickleMachine(byte[] pickle) {
        input = new PickleInput(pickle);
    }

    /** The one value that the pickle describes. */
    static Object read(byte[] pickle) throws PickleRefused {
        return new PickleMachine(pickle).run();
    }

    private Object run() throws PickleRefused {
        for (int done = 0; done < MAX_OPCODES; done++) {
            int opcode = input.unsignedByte();
            if (opcode == STOP) {
                return result();
            }
            if (!structure(opcode) && !number(opcode) && !memory(opcode) && !object(opcode)) {
                throw new PickleRefused(
                        String.format(Locale.ROOT, "opcode 0x%02x at byte %d", opcode, input.position() - 1));
            }
        }
        throw new PickleRefused("more than " + MAX_OPCODES + " opcodes");
    }

    private Object result() throws PickleRefused {
        Object result = stack.pop();
        if (!stack.isDrained()) {
            throw new PickleRefused("values left at its end");
        }
        return result;
    }

    private boolean structure(int opcode) throws PickleRefused {
        switch (opcode) {
            case 0x80 -> requireProtocol(input.unsignedByte());
            case 0x95 -> input.skip(8); // FRAME: a hint for readers with small buffers
            case '(' -> stack.mark();
            case ')' -> stack.push(List.of());
            case ']' -> stack.push(new ArrayList<>());
            case '}' -> stack.push(new LinkedHashMap<>());
            case 0x85 -> stack.push(stack.pop(1));
            case 0x86 -> stack.push(stack.pop(2));
            case 0x87 -> stack.push(stack.pop(3));
            case 't' -> stack.push(stack.popToMark());
            case 'a' -> append(stack.pop(1));
            case 'e' -> append(stack.popToMark());
            case 's' -> setItems(stack.pop(2));
            case 'u' -> setItems(stack.popToMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean number(int opcode) throws PickleRefused {
        switch (opcode) {
            case 'J' -> stack.push((long) input.signedInt());
            case 'K' -> stack.push((long) input.unsignedByte());
            case 'M' -> stack.push((long) input.unsignedShort());
            case 0x8a -> stack.push(input.number(input.unsignedByte()));
            case 'G' -> stack.push(input.bigEndianDouble());
            case 'N' -> stack.push(NONE);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'X' -> stack.push(input.text(input.length()));
            case 0x8c -> stack.push(input.text(input.unsignedByte()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memory(int opcode) throws PickleRefused {
        switch (opcode) {
            case 'q' -> stack.memoize(input.unsignedByte());
            case 'r' -> stack.memoize(input.length());
            case 0x94 -> stack.memoizeNext();
            case 'h' -> stack.recall(input.unsignedByte());
            case 'j' -> stack.recall(input.length());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean object(int opcode) throws PickleRefused {
        switch (opcode) {
            case 'c' -> stack.push(TorchObjects.name(input.line(), input.line()));
            case 0x93 -> pushName();
            case 'Q' -> stack.push(TorchObjects.storage(tuple(stack.pop(), "a persistent id")));
            case 'R' -> reduce();
            case 'b' -> build();
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void requireProtocol(int protocol) throws PickleRefused {
        if (protocol < 2 || protocol > HIGHEST_PROTOCOL) {
            throw new PickleRefused("protocol " + protocol);
        }
    }

    private void pushName() throws PickleRefused {
        List<Object> names = stack.pop(2);
        if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
            throw new PickleRefused("a name that is no text");
        }
        stack.push(TorchObjects.name(module, name));
    }

    private void reduce() throws PickleRefused {
        List<Object> arguments = tuple(stack.pop(), "the arguments of a call");
        if (!(stack.pop() instanceof TorchObjects.Name name)) {
            throw new PickleRefused("a call of something that is no name");
        }
        stack.push(TorchObjects.make(name, arguments));
    }

    /** Drops attributes that are set on a dictionary, such as torch's _metadata; refuses them on any other object. */
    private void build() throws PickleRefused {
        stack.pop();
        if (!(stack.top() instanceof Map<?, ?>)) {
            throw new PickleRefused("the state of an object that is no dictionary");
        }
    }

    @SuppressWarnings("unchecked") // every list in here is one of ours, and holds any value
    private static List<Object> tuple(@Nullable Object value, String what) throws PickleRefused {
        if (!(value instanceof List<?> list)) {
            throw new PickleRefused(what + " that is no tuple");
        }
        return (List<Object>) list;
    }

    private void append(List<Object> items) throws PickleRefused {
        if (!(stack.top() instanceof ArrayList<?>)) {
            throw new PickleRefused("an item for something that is no list");
        }
        tuple(stack.top(), "a list").addAll(items);
    }

    @SuppressWarnings("unchecked") // every map in here is one of ours, and holds any value
    private void setItems(List<Object> items) throws PickleRefused {
        if (!(stack.top() instanceof Map<?, ?> map) || items.size() % 2 != 0) {
            throw new PickleRefused("an entry for something that is no dictionary");
        }
        for (int i = 0; i < items.size(); i += 2) {
            if (!(items.get(i) instanceof String key)) {
                throw new PickleRefused("a dictionary key that is no text");
            }
            ((Map<String, Object>) map).put(key, items.get(i + 1));
        }
    }
}
