namespace CnnService.Studio.Browser;

/// <summary>Dropped files. They stay in the browser; their content is read in parts. Disposing forgets them.</summary>
public sealed class DroppedFiles : IAsyncDisposable
{
    private readonly Dropping _dropping;
    private readonly Drop _drop;

    internal DroppedFiles(Dropping dropping, Drop drop)
    {
        _dropping = dropping;
        _drop = drop;
    }

    /// <summary>How many.</summary>
    public int Count => _drop.Names.Length;

    /// <summary>Paths, with folders between slashes: <c>pets/cats/1.jpg</c>.</summary>
    public IReadOnlyList<string> Names => _drop.Names;

    /// <summary>In bytes.</summary>
    public IReadOnlyList<long> Sizes => _drop.Sizes;

    /// <summary>Bytes in all.</summary>
    public long TotalBytes => _drop.Sizes.Sum();

    /// <summary>The whole content of a file.</summary>
    /// <param name="file">Its number, from 0.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<byte[]> ReadAsync(int file, CancellationToken cancel = default) =>
        await ReadAsync([new FilePart(file, 0, _drop.Sizes[file])], cancel);

    /// <summary>An address under which the browser shows a file; to be revoked by <see cref="BlobAddresses"/>.</summary>
    /// <param name="file">Its number, from 0.</param>
    public async Task<string> AddressAsync(int file) => await _dropping.AddressAsync(_drop.Id, file);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _dropping.ForgetAsync(_drop.Id);

    /// <summary>Bytes of several files after each other.</summary>
    internal async Task<byte[]> ReadAsync(IEnumerable<FilePart> parts, CancellationToken cancel) =>
        await _dropping.ReadAsync(_drop.Id, parts, cancel);
}
