using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>
/// A mean of the images a network was trained on, pixel by pixel, that is subtracted from each image. Immutable.
/// </summary>
public sealed record MeanImage
{
    public required int Height { get; init; }

    public required int Width { get; init; }

    /// <summary>SHA-256 (hex) of the values.</summary>
    public required string Sha256 { get; init; }

    /// <summary>
    /// Float32, little endian, <c>[C,H,W]</c> in the order of the planes, after scaling; base64 in JSON. Null where a version is described
    /// only.
    /// </summary>
#pragma warning disable CA1819 // Read and written as one piece of base64.
    [JsonRule("must be base64 text")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Planes { get; init; }
#pragma warning restore CA1819

    /// <summary>The values, <c>[C,H,W]</c>.</summary>
    /// <exception cref="InvalidOperationException">It is a description without values.</exception>
    [JsonIgnore]
    public ReadOnlySpan<float> Values => Planes is { } bytes
        ? MemoryMarshal.Cast<byte, float>(bytes)
        : throw new InvalidOperationException("This mean image is described only.");

    /// <param name="values"><c>[C,H,W]</c>, finite; C follows from their number.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="width">Pixels.</param>
    public static MeanImage Create(ReadOnlySpan<float> values, int height, int width)
    {
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        return new() { Height = height, Width = width, Sha256 = Hash(bytes), Planes = bytes };
    }

    /// <summary>Size and hash without the values, for answers that describe.</summary>
    public MeanImage Describe() => this with { Planes = null };

    /// <summary>Whether it has finite values of this number of channels and their hash; one that was read from a file may hold
    /// anything.</summary>
    public bool IsValidFor(int channels) =>
        Height > 0 && Width > 0 && Planes is { } bytes && bytes.Length == (long)sizeof(float) * channels * Height * Width
        && Hash(bytes) == Sha256 && Values.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0;

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
