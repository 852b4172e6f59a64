using System.Globalization;
using System.Runtime.InteropServices;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Http.Features;

namespace CnnService.Web.Features.Inference;

/// <summary>
/// The body of an inference request: JSON followed by the bytes of the tensors, which are read directly into their destination. Over gRPC
/// the bytes are fields of the message.
/// </summary>
/// <param name="body">The body, at its start.</param>
/// <param name="length">Its length in bytes; null if the request does not declare it.</param>
/// <param name="maxLength">Maximum length that the server reads, in bytes.</param>
internal sealed class InferenceBody(Stream body, long? length, long maxLength)
{
    public const string HeaderLength = "Inference-Header-Content-Length";

    private long _read;

    /// <summary>The body of a request within the limit set for it.</summary>
    public static InferenceBody From(HttpContext http) => new(
        http.Request.Body, http.Request.ContentLength,
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? int.MaxValue);

    /// <summary>The binary data of a message that has been received whole.</summary>
    /// <param name="data">The data of the inputs in their order; empty if the message holds it in other forms.</param>
    public static InferenceBody From(ReadOnlyMemory<byte> data) => new(
        MemoryMarshal.TryGetArray(data, out var whole) ? new MemoryStream(whole.Array!, whole.Offset, whole.Count, writable: false)
            : new MemoryStream(data.ToArray(), writable: false),
        data.Length, data.Length);

    /// <summary>
    /// The JSON part: as long as the header declares, or the whole body without the header; null if the header is 0 and the whole body is
    /// the data of one tensor. Problem: <c>inference.invalid</c>.
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

    /// <summary>Reads a number of bytes. Problem: <c>inference.invalid</c> if the body ends before.</summary>
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
    /// Reads float32 values into pooled memory, which is returned on dispose. Problem: <c>inference.invalid</c> if the body ends before.
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

    /// <summary>Reads the rest of the body. Problem: <c>inference.invalid</c> if the body is shorter than declared.</summary>
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

    /// <summary>Checks that the body has ended: null, or the problem <c>inference.invalid</c>.</summary>
    public async Task<Problem?> SurplusAsync(CancellationToken cancel)
    {
        var more = length is { } known ? known - _read : await body.ReadAsync(new byte[1], cancel);
        return more > 0 ? InferenceRequest.Invalid("bytes follow the tensors that the inputs announce") : null;
    }

    /// <summary>Checked before memory is allocated; a body without a declared length has at most the largest one allowed.</summary>
    private Problem? Lack(long count) => count <= (length ?? maxLength) - _read
        ? null
        : InferenceRequest.Invalid($"{count} bytes of binary data are announced, {(length ?? maxLength) - _read} are left");

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
