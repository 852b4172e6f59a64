using System.Threading.Channels;

namespace CnnService.Web.Persistence;

/// <summary>
/// Keeps <see cref="AliasFiles"/> up to date: all at the start, then a model's after each of its changes. A failure is logged; the next
/// change or start writes the file again.
/// </summary>
internal sealed partial class AliasCopies : BackgroundService
{
    private const int PageSize = 100;

    /// <summary>Names of changed models; one that is lost is written at the next start.</summary>
    private readonly Channel<string> _changed = Channel.CreateBounded<string>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly ModelStore _models;
    private readonly AliasFiles _files;
    private readonly ILogger<AliasCopies> _logger;

    public AliasCopies(Store store, ModelStore models, AliasFiles files, ILogger<AliasCopies> logger)
    {
        (_models, _files, _logger) = (models, files, logger);
        store.ModelChanged += model => _changed.Writer.TryWrite(model);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(() => WriteAllAsync(stoppingToken));
        await foreach (var model in _changed.Reader.ReadAllAsync(stoppingToken))
        {
            await TryAsync(() => WriteAsync(model, stoppingToken));
        }
    }

    private async Task WriteAllAsync(CancellationToken cancel)
    {
        string? after = null;
        do
        {
            var names = await _models.NamesAsync(PageSize, after, cancel);
            foreach (var name in names)
            {
                await WriteAsync(name, cancel);
            }

            after = names.LastOrDefault();
        }
        while (after is not null);
    }

    private async Task WriteAsync(string model, CancellationToken cancel)
    {
        var aliases = await _models.AliasesAsync(model, cancel);
        _files.Write(model, aliases.ToDictionary(row => row.Alias, row => row.Version, StringComparer.Ordinal));
    }

    private async Task TryAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception failure) when (failure is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            LogFailed(failure.Message);
        }
    }
}
