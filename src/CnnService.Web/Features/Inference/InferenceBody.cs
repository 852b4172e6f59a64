using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>The body of an inference request: JSON, and behind it the tensors' bytes, each read straight to where it is used.</summary>
/// <param name="body">Read from the front.</param>
/// <param name="length">Of it; null where the request does not say.</param>
internal sealed class InferenceBody(Stream body, long? length)
{
    public const string HeaderLength = "Inference-Header-Content-Length";

    private long _read;

    /// <summary>
    /// The JSON: as long as the header says, else all; null where the header says 0, and the whole body is one tensor's bytes.
    /// Problem code: <c>inference.invalid</c>.
    /// </summary>
    public async Task<Outcome<ReadOnlyMemory<byte>?>> JsonAsync(string? header, CancellationToken cancel)
    {
        if (header is null)
        {
            return (await RestAsync(cancel)).Map(rest => (ReadOnlyMemory<byte>?)rest);
        }

        if (!int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var json) || json > (length ?? int.MaxValue))
        {
            return Problem.Invalid("inference.invalid",
                $"{HeaderLength} must be a number up to the body's {length} bytes, received '{header}'");
        }

        return json == 0
            ? Outcome.Success<ReadOnlyMemory<byte>?>(null)
            : (await BytesAsync(json, cancel)).Map(bytes => (ReadOnlyMemory<byte>?)bytes);
    }

    /// <summary>So many bytes. Problem code: <c>inference.invalid</c> where the body ends before.</summary>
    public async Task<Outcome<byte[]>> BytesAsync(int count, CancellationToken cancel)
    {
        if (Lack(count) is { } lack)
        {
            return lack;
        }

        var bytes = new byte[count];
        return await FillAsync(bytes, cancel) is { } cut ? cut : bytes;
    }

    /// <summary>
    /// Values of float32, in memory that is given back on dispose. Problem code: <c>inference.invalid</c> where the body ends before.
    /// </summary>
    public async Task<Outcome<PooledFloats>> FloatsAsync(int bytes, CancellationToken cancel)
    {
        if (Lack(bytes) is { } lack)
        {
            return lack;
        }

        var floats = new PooledFloats(bytes / sizeof(float));
        try
        {
            if (await FillAsync(floats.Bytes, cancel) is not { } cut)
            {
                return floats;
            }

            floats.Dispose();
            return cut;
        }
        catch
        {
            floats.Dispose();
            throw;
        }
    }

    /// <summary>All that is left. Problem code: <c>inference.invalid</c> where the body is shorter than it says.</summary>
    public async Task<Outcome<byte[]>> RestAsync(CancellationToken cancel)
    {
        if (length is { } known and < int.MaxValue)
        {
            return await BytesAsync((int)(known - _read), cancel);
        }

        using var rest = new MemoryStream();
        await body.CopyToAsync(rest, cancel);
        return rest.ToArray();
    }

    /// <summary>Null where nothing follows. Problem code: <c>inference.invalid</c>.</summary>
    public async Task<Problem?> SurplusAsync(CancellationToken cancel)
    {
        var more = length is { } known ? known - _read : await body.ReadAsync(new byte[1], cancel);
        return more > 0 ? InferenceRequest.Invalid("bytes follow the tensors that the inputs announce") : null;
    }

    private Problem? Lack(long count) => length is { } known && count > known - _read
        ? InferenceRequest.Invalid($"{count} bytes of binary data are announced, {known - _read} are left")
        : null;

    private async Task<Problem?> FillAsync(Memory<byte> target, CancellationToken cancel)
    {
        try
        {
            await body.ReadExactlyAsync(target, cancel);
        }
        catch (EndOfStreamException)
        {
            return InferenceRequest.Invalid("the body ends before the binary data that the inputs announce");
        }

        _read += target.Length;
        return null;
    }
}
