using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Makes a run's package a version of its model: the folder first, then the row. Whatever a crash left between the two is
/// found again by the run's id, so that a run never gives two versions.
/// </summary>
internal sealed class ModelPublisher(ModelStore models, DataFolders folders)
{
    private const int Tries = 20;

    public Task<Outcome<int>> PublishAsync(RunClaim claim, string runFolder) =>
        PublishAsync(claim.Model, claim.Id, Path.Combine(runFolder, RunFolder.PackageFolder), $"run {claim.Id}");

    /// <param name="model">Its name.</param>
    /// <param name="id">Of the run or import that the package came from: one version each.</param>
    /// <param name="package">Its folder, which is moved.</param>
    /// <param name="by">Who publishes it.</param>
    public async Task<Outcome<int>> PublishAsync(string model, string id, string package, string by)
    {
        if (await models.OfRunAsync(id) is { } known)
        {
            return known.Version;
        }

        Directory.CreateDirectory(folders.Model(model));
        for (var tries = 0; tries < Tries; tries++)
        {
            var version = Stray(model, id) ?? await MoveAsync(model, package);
            if (await models.AddAsync(model, version, id, by))
            {
                return version;
            }
        }

        return new Problem(ProblemKind.Internal, "model.not-published", $"No version number of model '{model}' could be had in {Tries} tries.");
    }

    /// <summary>Moves the package to the next free number's folder. A move fails where the folder exists, so no two get one number.</summary>
    private async Task<int> MoveAsync(string model, string package)
    {
        for (var version = await models.HighestAsync(model) + 1; ; version++)
        {
            var target = folders.ModelVersion(model, version);
            if (Directory.Exists(target))
            {
                continue;
            }

            try
            {
                DurableFile.PublishFolder(package, target);
                return version;
            }
            catch (IOException) when (Directory.Exists(target) && Directory.Exists(package))
            {
                // Another worker was faster: the next number.
            }
        }
    }

    /// <summary>A version folder of this run that a crash left without its row.</summary>
    private int? Stray(string model, string runId) => Directory.EnumerateDirectories(folders.Model(model))
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Where(folder => ModelPackage.Open(folder) is { Succeeded: true } package && package.Value.Origin?.RunId == runId)
        .Select(folder => (int?)int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
