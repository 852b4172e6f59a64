using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Torch.Training;

/// <summary>
/// A checkpoint on disk: <c>magic (8) | version (4) | payload length (8) | SHA-256 of the payload (32) | payload</c>, little endian. The
/// payload is a safetensors file with the training position in its metadata. Truncated or modified files are detected.
/// </summary>
internal static class CheckpointFile
{
    private const int Version = 2;
    private const int HeaderBytes = 8 + 4 + 8 + 32;
    private const string PositionKey = "position";

    private static ReadOnlySpan<byte> Magic => "CNNCKPT\n"u8;

    /// <summary>Writes durably and atomically.</summary>
    internal static void Write(string path, CheckpointState state) => DurableFile.Write(path, stream =>
    {
        stream.Write(new byte[HeaderBytes]);
        using var sha = SHA256.Create();
        using (var payload = new CryptoStream(stream, sha, CryptoStreamMode.Write, leaveOpen: true))
        {
            var position = JsonSerializer.Serialize(state.Position, CoreJson.Options);
            SafetensorsFile.Write(payload, state.Tensors, new Dictionary<string, string> { [PositionKey] = position });
        }

        stream.Position = 0;
        stream.Write(Header(stream.Length - HeaderBytes, sha.Hash));
    });

    /// <summary>
    /// Null if the file is not usable; <paramref name="fault"/> then says why, as the end of a sentence, and is else empty.
    /// </summary>
    internal static CheckpointState? Read(string path, out string fault)
    {
        using var stream = RegularFile.OpenRead(path);
        var header = new byte[HeaderBytes];
        fault = "it is too short";
        if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            return null;
        }

        fault = Check(header, stream);
        return fault.Length == 0 ? Parse(stream, out fault) : null;
    }

    private static byte[] Header(long length, ReadOnlySpan<byte> hash)
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(12), length);
        hash.CopyTo(header.AsSpan(20));
        return header;
    }

    private static string Check(ReadOnlySpan<byte> header, FileStream stream)
    {
        if (!header.StartsWith(Magic))
        {
            return "it is no checkpoint";
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (version != Version)
        {
            return $"it has the form {version}, this program reads {Version}";
        }

        var length = BinaryPrimitives.ReadInt64LittleEndian(header[12..]);
        if (length != stream.Length - HeaderBytes)
        {
            return $"it must have {length} bytes after its header, but has {stream.Length - HeaderBytes}";
        }

        return SHA256.HashData(stream).AsSpan().SequenceEqual(header[20..]) ? "" : "its checksum does not fit its content";
    }

    private static CheckpointState? Parse(FileStream stream, out string fault)
    {
        using var payload = new OffsetStream(stream, HeaderBytes);
        var content = SafetensorsFile.Read(payload);
        fault = content.Problem?.Detail ?? "it lacks the position";
        return content.Succeeded && content.Value.Metadata.TryGetValue(PositionKey, out var json)
            && JsonSerializer.Deserialize<CheckpointPosition>(json, CoreJson.Options) is { } position
                ? new(position, content.Value.Weights)
                : null;
    }
}
