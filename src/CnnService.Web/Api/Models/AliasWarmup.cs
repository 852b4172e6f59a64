using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Models;

/// <summary>
/// Loads a version before an alias moves to it, so that requests by alias neither wait for loading nor hit a broken version.
/// </summary>
internal sealed class AliasWarmup(ModelRegistry registry, IClassifier classifier)
{
    /// <summary>
    /// Loads a version and runs it once; concurrent calls share the work. Returns null on success, else <c>model.not-loadable</c> (409) or
    /// the problems of finding the version.
    /// </summary>
    public async Task<Problem?> CheckAsync(string name, int version, CancellationToken cancel)
    {
        var model = await registry.ResolveAsync(name, version);
        var problem = model.Problem ?? await LoadAsync(model.Value, cancel);
        return problem is { Code: "model.corrupt" }
            ? Problem.Conflict("model.not-loadable",
                $"An alias cannot move to version {version} of model '{name}', which cannot be loaded: {problem.Detail}")
            : problem;
    }

    /// <summary>A model without classes is never used for classification, so it is not loaded; its files have been verified.</summary>
    private ValueTask<Problem?> LoadAsync(LoadedModel model, CancellationToken cancel) =>
        model.Network.HasClasses ? classifier.LoadAsync(model, cancel) : ValueTask.FromResult<Problem?>(null);
}
