package lamina.format;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.DoubleConsumer;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import lamina.text.InputException;

/**
 * A file in the wire format of Protocol Buffers, field by field. Lengths are checked against the
 * message around them and against the bytes that are there, before memory is taken.
 */
public final class ProtoInput {
  /** No message of ONNX nests deeper but by malice. */
  private static final int MAX_DEPTH = 64;

  private final CodedInputStream in;
  private final String name;
  private final long length;
  private int depth;
  private int tag;

  /**
   * @param length the number of bytes
   * @param name what messages call the file
   */
  public ProtoInput(InputStream in, long length, String name) {
    this.in = CodedInputStream.newInstance(in, 1 << 16);
    this.length = length;
    this.name = name;
  }

  /** A piece of the file: where its bytes are. */
  public record Chunk(long offset, long length) {}

  /** What messages call the file. */
  public String name() {
    return name;
  }

  /** An error in this file. */
  public InputException error(String message) {
    return InputException.at(name, message);
  }

  private InputException damaged(IOException e) {
    String why =
        e instanceof InvalidProtocolBufferException && tag != 0
            ? "at byte " + in.getTotalBytesRead() + " a field is cut off or has a false length"
            : "its bytes end too early or are no fields";
    return InputException.at(name, "damaged: " + why, e);
  }

  /**
   * Reads the fields of the message at hand.
   *
   * @param field takes the number of a field and reads it; false for those that it does not know,
   *     which are skipped
   */
  public void fields(IntPredicate field) {
    try {
      for (tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (!field.test(WireFormat.getTagFieldNumber(tag)) && !in.skipField(tag)) {
          throw error("damaged: a group ends that did not start");
        }
      }
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** Reads a message within this one by {@code fields}. */
  public void message(Runnable fields) {
    int limit = begin();
    if (++depth > MAX_DEPTH) {
      throw error("is nested too deeply");
    }
    fields.run();
    depth--;
    end(limit);
  }

  private int begin() {
    require(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    try {
      int bytes = in.readRawVarint32();
      if (bytes < 0 || bytes > length - in.getTotalBytesRead()) {
        throw error(
            "damaged: a field claims "
                + Integer.toUnsignedString(bytes)
                + " bytes but only "
                + (length - in.getTotalBytesRead())
                + " follow");
      }
      return in.pushLimit(bytes);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private void end(int limit) {
    if (in.getBytesUntilLimit() != 0) {
      throw error("damaged: a message ends within a field");
    }
    in.popLimit(limit);
  }

  private void require(int type) {
    if (WireFormat.getTagWireType(tag) != type) {
      throw error("damaged: field " + WireFormat.getTagFieldNumber(tag) + " has a false type");
    }
  }

  /** Whether the field at hand holds several values, or bytes. */
  public boolean isPacked() {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  /** Whole numbers, one or many, each handed to {@code take}. */
  public void integers(LongConsumer take) {
    if (!isPacked()) {
      take.accept(integer());
      return;
    }
    int limit = begin();
    try {
      while (in.getBytesUntilLimit() > 0) {
        take.accept(in.readRawVarint64());
      }
    } catch (IOException e) {
      throw damaged(e);
    }
    end(limit);
  }

  /** A whole number. */
  public long integer() {
    require(WireFormat.WIRETYPE_VARINT);
    try {
      return in.readRawVarint64();
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** Numbers of 32 bits, one or many, each handed to {@code take}. */
  public void floats(DoubleConsumer take) {
    if (!isPacked()) {
      take.accept(single());
      return;
    }
    int limit = begin();
    try {
      while (in.getBytesUntilLimit() > 0) {
        take.accept(in.readFloat());
      }
    } catch (IOException e) {
      throw damaged(e);
    }
    end(limit);
  }

  /** A number of 32 bits. */
  public float single() {
    require(WireFormat.WIRETYPE_FIXED32);
    try {
      return in.readFloat();
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** A number of 64 bits. */
  public double number() {
    require(WireFormat.WIRETYPE_FIXED64);
    try {
      return in.readDouble();
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** A text in UTF-8. */
  public String text() {
    int limit = begin();
    try {
      byte[] bytes = in.readRawBytes(in.getBytesUntilLimit());
      end(limit);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** Steps over bytes, to be read later. */
  public Chunk chunk() {
    int limit = begin();
    long offset = in.getTotalBytesRead();
    int bytes = in.getBytesUntilLimit();
    try {
      in.skipRawBytes(bytes);
    } catch (IOException e) {
      throw damaged(e);
    }
    end(limit);
    return new Chunk(offset, bytes);
  }
}
