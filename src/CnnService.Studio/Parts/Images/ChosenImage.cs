using CnnService.Client;

namespace CnnService.Studio.Parts.Images;

/// <summary>An image that is looked at: one of a data set, or one that somebody gave to the page.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Reference"><c>dataset/id</c>; null for one that was given.</param>
/// <param name="Bytes">The file of one that was given; null for one of a data set.</param>
public sealed record ChosenImage(string Name, string? Reference, byte[]? Bytes)
{
    /// <summary>One of a data set, by <c>dataset/id</c>; null where the text is none.</summary>
    public static ChosenImage? Of(string? reference) =>
        reference?.Split('/') is [{ Length: > 0 }, { Length: > 0 } id] ? new(id, reference, null) : null;

    /// <summary>The image itself.</summary>
    /// <param name="client">Asks the service.</param>
    /// <param name="size">Side of a square that one of a data set is made to fit, pixels; null: as it is.</param>
    /// <param name="cancel">Ends the call.</param>
    public Task<byte[]> ReadAsync(CnnServiceClient client, int? size, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Bytes is not null ? Task.FromResult(Bytes)
            : client.DownloadAsync($"datasets/{Parts().Dataset}/images/{Parts().Id}{(size is null ? null : $"?size={size}")}", cancel);
    }

    /// <summary>What the service makes of the image.</summary>
    /// <param name="client">Asks the service.</param>
    /// <param name="post">The address that takes a given image.</param>
    /// <param name="get">The address that takes one of a data set; null: the same.</param>
    /// <param name="cancel">Ends the call.</param>
    public async Task<byte[]> AskAsync(CnnServiceClient client, string post, string? get, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(post);
        if (Bytes is null)
        {
            var address = get ?? post;
            var joint = address.Contains('?') ? '&' : '?';
            return await client.DownloadAsync($"{address}{joint}image={Uri.EscapeDataString(Reference!)}", cancel);
        }

        using var file = new MemoryStream(Bytes, false);
        return await client.DrawAsync(post, file, cancel);
    }

    private (string Dataset, string Id) Parts()
    {
        var parts = Reference!.Split('/', 2);
        return (Uri.EscapeDataString(parts[0]), Uri.EscapeDataString(parts[^1]));
    }
}
