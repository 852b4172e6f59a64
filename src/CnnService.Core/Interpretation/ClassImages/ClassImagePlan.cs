using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ClassImages;

/// <summary>A validated request for class images: one pattern job a class. Immutable.</summary>
public sealed class ClassImagePlan
{
    private ClassImagePlan(LoadedModel model, bool isSheet, IReadOnlyList<(int Class, PatternJob Job)> jobs) =>
        (Model, IsSheet, Jobs) = (model, isSheet, jobs);

    /// <summary>Entity tag of the finished image, hex.</summary>
    public string ETag => ContentKey.Create(
        [IsSheet ? "class-sheet" : "class", string.Join(',', Jobs.Select(job => ContentKey.Text(job.Class))), Jobs[0].Job.ETag]);

    internal LoadedModel Model { get; }

    /// <summary>True for labelled tiles; false for a single image without a label.</summary>
    internal bool IsSheet { get; }

    /// <summary>One job a class, at least one.</summary>
    internal IReadOnlyList<(int Class, PatternJob Job)> Jobs { get; }

    internal ClassImagePlan On(bool gpu) => new(Model, IsSheet, [.. Jobs.Select(one => (one.Class, one.Job.On(gpu)))]);

    /// <param name="model">The model version.</param>
    /// <param name="request">The request as received.</param>
    /// <returns>Problem codes: <c>class.not-found</c>, <c>model.no-classes</c>, <c>model.no-layers</c>, <c>request.invalid</c>.</returns>
    public static Outcome<ClassImagePlan> Create(LoadedModel model, ClassImageRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        return model.RequireClasses().Bind(found => found.RequireLayers()).Bind(found => Find(found, request))
            .Bind(classes => Outcome.All(classes.Select(
                index => PatternJob.CreateForClass(model, index, request.Pattern).Map(job => (index, job)))))
            .Map(jobs => new ClassImagePlan(model, request.Class is null, jobs));
    }

    private static Outcome<IReadOnlyList<int>> Find(LoadedModel model, ClassImageRequest request)
    {
        if (request.Class is { } named)
        {
            return ClassLookup.IndexOf(model, named).Map<IReadOnlyList<int>>(index => [index]);
        }

        var (classes, offset, count) = (model.Manifest.Classes.Count, request.Offset, request.Count);
        var errors = new ValidationErrors();
        errors.Require(offset >= 0 && offset < classes, "offset", $"must be between 0 and {classes - 1}, received {offset}");
        errors.Require(count is >= 1 and <= ClassImageRequest.MaxClasses, "count",
            $"must be between 1 and {ClassImageRequest.MaxClasses}, received {count}");
        return errors.Any
            ? Problem.Validation(errors)
            : Outcome.Success<IReadOnlyList<int>>([.. Enumerable.Range(offset, Math.Min(count, classes - offset))]);
    }
}
