using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Persistence;

/// <summary>
/// Compares the files of all published versions with the hashes in their manifests, one after another, at the start and then regularly: a
/// damaged model is told before somebody asks for it. Loads report what they find too.
/// </summary>
internal sealed partial class ModelVerification(
    ModelStore models, CorruptModels corrupt, DataFolders folders, IOptions<ModelVerificationOptions> options, TimeProvider clock,
    ILogger<ModelVerification> logger)
    : BackgroundService
{
    private const int PageSize = 100;

    /// <summary>Checks every version once.</summary>
    public async Task VerifyAsync(CancellationToken cancel)
    {
        var existing = new HashSet<(string, int)>();
        string? after = null;
        do
        {
            var names = await models.NamesAsync(PageSize, after, cancel);
            foreach (var name in names)
            {
                foreach (var row in await models.VersionsAsync(name, cancel))
                {
                    cancel.ThrowIfCancellationRequested();
                    existing.Add((name, row.Version));
                    await Task.Run(() => Verify(name, row.Version), cancel);
                }
            }

            after = names.LastOrDefault();
        }
        while (after is not null);
        corrupt.Keep(existing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.VerifyEvery, clock);
        do
        {
            try
            {
                await VerifyAsync(stoppingToken);
            }
            catch (StoreUnavailableException)
            {
                // Told by StoreAvailability; checked again at the next tick.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Verify(string model, int version)
    {
        if (!folders.Copies.IsWhole(folders.ModelVersion(model, version)) && folders.Copies.AreUsed)
        {
            return; // Brought, and checked, when somebody asks for it.
        }

        var problem = ModelPackage.Verify(folders.ModelVersion(model, version)).Problem;
        if (problem is not null && corrupt.Find(model, version) is null)
        {
            LogCorrupt(model, version, problem.Detail);
        }

        corrupt.Set(model, version, problem);
    }
}
