using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ClassImages;

/// <summary>
/// The picture that a network draws for a class: gradient ascent on the class's logit. Of a network that knows little it is texture, not an
/// object. Problem codes: <c>class.not-found</c>, <c>model.no-classes</c>, <c>model.no-layers</c>, <c>request.invalid</c>. Thread safe.
/// </summary>
/// <param name="cache">Draws and keeps the tiles.</param>
/// <param name="scores">Judge the finished picture.</param>
/// <param name="encoder">Writes the file.</param>
public sealed class ClassPictures(PatternTileCache cache, IServedScores scores, IPngEncoder encoder)
{
    /// <summary>Classes of a sheet at most.</summary>
    public const int Most = 64;

    /// <summary>The indices that a call asks for.</summary>
    /// <param name="model">With classes.</param>
    /// <param name="named">A class by name or index; null: those from <paramref name="offset"/> on.</param>
    /// <param name="offset">First class of a sheet.</param>
    /// <param name="count">1 to 64; fewer where the classes end.</param>
    public static Outcome<IReadOnlyList<int>> Find(LoadedModel model, string? named, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(model);
        var usable = model.RequireClasses().Bind(found => found.RequireLayers());
        if (usable.Problem is { } problem)
        {
            return problem;
        }

        if (named is not null)
        {
            return ClassLookup.IndexOf(model, named).Bind(index => Outcome.Success<IReadOnlyList<int>>([index]));
        }

        var classes = model.Manifest.Classes.Count;
        var errors = new ValidationErrors();
        errors.Require(offset >= 0 && offset < classes, "offset", $"must be between 0 and {classes - 1}, received {offset}");
        errors.Require(count is >= 1 and <= Most, "count", $"must be between 1 and {Most}, received {count}");
        return errors.Any ? Problem.Validation(errors) : Outcome.Success<IReadOnlyList<int>>([.. Enumerable.Range(offset, Math.Min(count, classes - offset))]);
    }

    /// <summary>The tag of the picture that <see cref="DrawAsync"/> gives; tells of a bad request before anything is drawn.</summary>
    public Outcome<string> ETag(LoadedModel model, IReadOnlyList<int> classes, bool isSheet, PatternRequest request)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return Plan(model, classes[0], request).Bind<string>(plan => PictureKey.Of([isSheet ? "class-sheet" : "class", string.Join(',', classes), plan.ETag]));
    }

    /// <param name="model">Of layers, with classes.</param>
    /// <param name="classes">As <see cref="Find"/> gave them.</param>
    /// <param name="isSheet">Tiles with labels; else one bare picture.</param>
    /// <param name="request">How to draw.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public async Task<Outcome<(RenderedPicture Picture, IReadOnlyList<ClassPictureFigures> Figures)>> DrawAsync(
        LoadedModel model, IReadOnlyList<int> classes, bool isSheet, PatternRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classes);
        List<GridTile> tiles = [];
        List<ClassPictureFigures> figures = [];
        foreach (var index in classes)
        {
            var plan = Plan(model, index, request);
            if (plan.Problem is { } problem)
            {
                return problem;
            }

            var tile = (await cache.GetOrRenderAsync(plan.Value, cancel))[0];
            var judged = Judge(model, index, tile, plan.Value.Request.Seed);
            if (judged.Problem is { } unreadable)
            {
                return unreadable;
            }

            figures.Add(judged.Value);
            tiles.Add(new(tile.Picture, Label(judged.Value), PlotText.Fit(judged.Value.Class, Math.Max(3, tile.Picture.Width / BitmapFont.Advance))));
        }

        var title = $"{model.Name}:{PictureKey.Text(model.Version)} classes";
        var picture = isSheet ? TileGrid.Compose(title, tiles) : tiles[0].Picture;
        return (new RenderedPicture(encoder.Encode(picture, Text(model, figures)), ETag(model, classes, isSheet, request).Value, []), figures);
    }

    private Outcome<PatternJob> Plan(LoadedModel model, int index, PatternRequest request) =>
        PatternJob.OfClass(model, index, request, cache.Revision);

    /// <summary>What the served network says of the very bytes that are shown.</summary>
    private Outcome<ClassPictureFigures> Judge(LoadedModel model, int index, PatternTile tile, int seed)
    {
        var input = model.Network.Spec.Input;
        var classes = model.Manifest.Classes;
        var plain = new ClassPictureFigures(classes[index], index, null, null, null, tile.Iterations, tile.Size, seed, tile.Status);
        return (tile.Picture.Height, tile.Picture.Width) != (input.Height, input.Width)
            ? plain
            : scores.Logits(model, [tile.Picture.Data]).Bind<ClassPictureFigures>(logits =>
            {
                var target = ClassTarget.Of(model.Network, logits, index);
                return plain with { Probability = target.Probability, Logit = target.Score, Predicted = classes[target.Predicted] };
            });
    }

    private static string Label(ClassPictureFigures figures) => figures.Probability is { } probability
        ? string.Create(CultureInfo.InvariantCulture, $"{figures.Class} p {probability:F2} logit {figures.Logit:+0.0;-0.0}")
        : figures.Class;

    private static List<KeyValuePair<string, string>> Text(LoadedModel model, List<ClassPictureFigures> figures) =>
    [
        PictureText.Of("model", $"{model.Name}:{PictureKey.Text(model.Version)}"),
        PictureText.Of("figures", System.Text.Json.JsonSerializer.Serialize(figures, CoreJson.Options)),
    ];
}

/// <summary>What a class picture achieved, measured on its 8-bit picture by the served network.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Index">Its place.</param>
/// <param name="Probability">That the network gives it, 0–1; null where the picture is not of the network's own size.</param>
/// <param name="Logit">As <paramref name="Probability"/>.</param>
/// <param name="Predicted">What the network names the picture.</param>
/// <param name="Iterations">Steps done.</param>
/// <param name="Size">Side in pixels.</param>
/// <param name="Seed">Of the request.</param>
/// <param name="Status">Whether it beats noise.</param>
public sealed record ClassPictureFigures(string Class, int Index, double? Probability, double? Logit, string? Predicted, int Iterations, int Size, int Seed, PatternStatus Status);
