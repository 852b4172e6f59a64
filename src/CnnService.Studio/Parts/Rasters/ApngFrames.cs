using System.Buffers.Binary;
using System.Text;

namespace CnnService.Studio.Parts.Rasters;

/// <summary>The frames of an animated PNG as pictures of their own, for a slider instead of a film that runs.</summary>
internal static class ApngFrames
{
    private const int SignatureLength = 8;

    /// <summary>Length, name and check sum of a chunk.</summary>
    private const int Frame = 12;

    private const int SequenceLength = 4;

    /// <summary>Splits a file whose frames each fill the whole picture, as the service's do.</summary>
    /// <exception cref="FormatException">The file is no PNG, or a frame is a part of the picture.</exception>
    public static IReadOnlyList<byte[]> Split(byte[] file)
    {
        var head = new List<(string Name, byte[] Content)>();
        var frames = new List<List<byte[]>>();
        foreach (var (name, content) in Chunks(file))
        {
            switch (name)
            {
                case "IHDR" or "PLTE" or "tRNS" or "sRGB" or "gAMA":
                    head.Add((name, content));
                    break;
                case "fcTL":
                    RequireWhole(head[0].Content, content);
                    frames.Add([]);
                    break;
                case "IDAT" when frames.Count > 0: // Before the first fcTL it is the still picture of old readers.
                    frames[^1].Add(content);
                    break;
                case "fdAT":
                    frames[^1].Add(content[SequenceLength..]);
                    break;
            }
        }

        return [.. frames.Select(parts => Join(file, head, parts))];
    }

    private static IEnumerable<(string Name, byte[] Content)> Chunks(byte[] file)
    {
        for (var at = SignatureLength; at + Frame <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (length < 0 || length > file.Length - at - Frame)
            {
                throw new FormatException("The film ends within a frame.");
            }

            yield return (Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]);
            at += Frame + length;
        }
    }

    private static void RequireWhole(byte[] header, byte[] control)
    {
        if (!control.AsSpan(SequenceLength, 8).SequenceEqual(header.AsSpan(0, 8)) || control.AsSpan(12, 8).ContainsAnyExcept((byte)0))
        {
            throw new FormatException("A frame of the film is a part of the picture only.");
        }
    }

    private static byte[] Join(byte[] file, List<(string Name, byte[] Content)> head, List<byte[]> parts)
    {
        using var one = new MemoryStream();
        one.Write(file.AsSpan(0, SignatureLength));
        foreach (var (name, content) in head)
        {
            PngFile.WriteChunk(one, name, content);
        }

        foreach (var part in parts)
        {
            PngFile.WriteChunk(one, "IDAT", part);
        }

        PngFile.WriteChunk(one, "IEND", []);
        return one.ToArray();
    }
}
