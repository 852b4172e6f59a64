using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Models;

/// <summary>An alias in use moves only to a version that is loaded already: whoever asks by the alias never waits for, nor meets, a broken one.</summary>
internal sealed class AliasWarmup(ModelRegistry registry, IClassifier classifier)
{
    /// <summary>
    /// Loads a version and runs it once, however many wait for it. Null where it answers; problem codes: <c>model.not-loadable</c> (409), and those of
    /// finding it.
    /// </summary>
    public async Task<Problem?> RefusalAsync(string name, int version, CancellationToken cancel)
    {
        var model = await registry.ResolveAsync(name, version);
        var problem = model.Problem ?? await LoadAsync(model.Value, cancel);
        return problem is { Code: "model.corrupt" }
            ? Problem.Conflict("model.not-loadable", $"An alias cannot move to version {version} of model '{name}', which cannot be loaded: {problem.Detail}")
            : problem;
    }

    /// <summary>What has no classes is never classified with; its files were verified.</summary>
    private ValueTask<Problem?> LoadAsync(LoadedModel model, CancellationToken cancel) =>
        model.Network.HasClasses ? classifier.LoadAsync(model, cancel) : ValueTask.FromResult<Problem?>(null);
}
