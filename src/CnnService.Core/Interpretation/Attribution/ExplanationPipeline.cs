using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>
/// From an image file to a finished explanation: decode, explain, draw. Results are cached under a key of everything they depend on, and
/// concurrent requests for the same result share one computation. Thread safe.
/// </summary>
public sealed class ExplanationPipeline : IDisposable
{
    /// <summary>
    /// Most explanations computed at a time, of those that run the network often and, on their own, of the others; each uses all cores.
    /// </summary>
    private const int MaxConcurrency = 2;

    private const int MinSide = 256;
    private const int MaxSide = 768;

    /// <summary>Three panels of this side are about as wide as a screen.</summary>
    private const int MaxPanel = 448;

    /// <summary>Part of every cache key; changes when the same request gives other bytes.</summary>
    private const string Revision = "explain-2";

    private readonly Explainer _explainer;
    private readonly IImageDecoder _decoder;
    private readonly IFigureRenderer _figures;
    private readonly IImageCache _cache;
    private readonly IDrawingDevice? _device;
    private readonly CoalescingCache<string, byte[]> _running; // Keeps nothing: the image cache does.
    private readonly SemaphoreSlim _often = new(MaxConcurrency, MaxConcurrency);
    private readonly SemaphoreSlim _once = new(MaxConcurrency, MaxConcurrency); // A moment's work, which does not wait for the former.

    public ExplanationPipeline(
        Explainer explainer, IImageDecoder decoder, IFigureRenderer figures, IImageCache cache,
        ILogger<ExplanationPipeline>? logger = null, IDrawingDevice? device = null)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(cache);
        (_explainer, _decoder, _figures, _cache, _device) = (explainer, decoder, figures, cache, device);
        _running = new(new("explanations") { MaxBytes = 0 }, _ => 1, logger);
    }

    /// <summary>
    /// The plan on the device that is to compute it, or has computed the file that is cached; ask for its tag and its file after this.
    /// </summary>
    public ExplanationPlan Place(
        ExplanationPlan plan, ReadOnlyMemory<byte> file, ExplainForm form, ExplainView view, FigureStyle style)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (_device is not { HasServingGpu: true })
        {
            return plan;
        }

        var now = plan with { OnGpu = _device.IsGpuFree };
        var other = plan with { OnGpu = !now.OnGpu };
        return !_cache.TryGet(ETag(now, file, form, view, style), out _) && _cache.TryGet(ETag(other, file, form, view, style), out _)
            ? other
            : now;
    }

    /// <summary>The entity tag of the result of <see cref="ExplainAsync"/>, without computing it.</summary>
    public static string ETag(ExplanationPlan plan, ReadOnlyMemory<byte> file, ExplainForm form, ExplainView view, FigureStyle style)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(style);
        var model = plan.Model;
        return ContentKey.Create(
            Revision, model.Name, ContentKey.Text(model.Version), ContentKey.Content(model), plan.Key, form.ToString(), view.ToString(),
            style.Tag("style"), Convert.ToHexStringLower(SHA256.HashData(file.Span)));
    }

    /// <summary>The explanation as a file. Problem codes: those of the decoder and of <see cref="Explainer.Explain"/>.</summary>
    /// <param name="plan">Model, method and parameters.</param>
    /// <param name="file">Bytes of an image file.</param>
    /// <param name="form">File format of the result.</param>
    /// <param name="view">Panels of a figure; ignored for numbers.</param>
    /// <param name="style">Theme, scale and format of a figure; ignored for numbers.</param>
    /// <param name="cancel">Ends the wait; the computation stops once nobody waits for it.</param>
    public Task<Outcome<byte[]>> ExplainAsync(
        ExplanationPlan plan, ReadOnlyMemory<byte> file, ExplainForm form, ExplainView view, FigureStyle style,
        CancellationToken cancel)
    {
        var key = ETag(plan, file, form, view, style);
        return RenderMetrics.MeasureAsync(RenderMetrics.Explanation, async () =>
        {
            if (_cache.TryGet(key, out var known))
            {
                return ((Outcome<byte[]>)known, RenderOutcome.Hit);
            }

            var made = await _running.GetOrComputeAsync(key, token => MakeAsync(key, plan, file, form, view, style, token), cancel);
            return (made, made.Succeeded ? RenderOutcome.Drawn : RenderOutcome.Failed);
        });
    }

    /// <summary>The same file if it is cached, else null.</summary>
    public byte[]? Find(ExplanationPlan plan, ReadOnlyMemory<byte> file, ExplainForm form, ExplainView view, FigureStyle style) =>
        _cache.TryGet(ETag(plan, file, form, view, style), out var known)
            ? RenderMetrics.Measure(RenderMetrics.Explanation, () => (known, RenderOutcome.Hit))
            : null;

    /// <summary>The heat map over its image without a legend, for sheets.</summary>
    /// <param name="plan">Model, method and parameters.</param>
    /// <param name="file">Bytes of an image file.</param>
    /// <param name="side">Longest side in pixels.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<Outcome<ExplainedTile>> TileAsync(ExplanationPlan plan, ReadOnlyMemory<byte> file, int side, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var slots = SlotsFor(plan.Method);
        await slots.WaitAsync(cancel);
        try
        {
            return await Task.Run(
                () => Map(plan, file, cancel).Bind(map => DecodeForDisplay(file, 1, side).Bind<ExplainedTile>(shown =>
                    new ExplainedTile(shown, ExplanationImage.Overlay(plan.Method, map, shown), ExplanationFigures.Create(plan, map)))),
                cancel);
        }
        finally
        {
            slots.Release();
        }
    }

    public void Dispose()
    {
        _running.Dispose();
        _often.Dispose();
        _once.Dispose();
    }

    private async Task<Outcome<byte[]>> MakeAsync(
        string key, ExplanationPlan plan, ReadOnlyMemory<byte> file, ExplainForm form, ExplainView view, FigureStyle style,
        CancellationToken cancel)
    {
        var slots = SlotsFor(plan.Method);
        await slots.WaitAsync(cancel);
        try
        {
            var made = Map(plan, file, cancel).Bind(map => Write(plan, map, file, form, view, style));
            if (made.Succeeded)
            {
                _cache.Put(key, made.Value);
            }

            return made;
        }
        finally
        {
            slots.Release();
        }
    }

    private SemaphoreSlim SlotsFor(ExplainMethod method) => method.RunsNetworkOften() ? _often : _once;

    private Outcome<Explanation> Map(ExplanationPlan plan, ReadOnlyMemory<byte> file, CancellationToken cancel)
    {
        var (height, width, channels) = plan.Model.Network.Spec.Input;
        var made = _decoder.Decode(file, new DecodeTarget(width, height, channels)).Bind(image => _explainer.Explain(plan, image, cancel));
        _device?.Heed(made.Problem);
        return made;
    }

    private Outcome<byte[]> Write(
        ExplanationPlan plan, Explanation map, ReadOnlyMemory<byte> file, ExplainForm form, ExplainView view, FigureStyle style) =>
        form switch
        {
            ExplainForm.Json => ExplanationFile.Json(plan, map),
            ExplainForm.Npy => ExplanationFile.Npy(map),
            ExplainForm.F32 => ExplanationFile.Floats(map),
            _ => DecodeForDisplay(file, MinSide, view == ExplainView.Side ? MaxPanel : MaxSide).Bind(shown =>
                _figures.Render(ExplanationImage.Draw(plan, map, shown, view), style, ExplanationFile.Text(plan, map))),
        };

    /// <summary>The image decoded for display: upright, in RGB, its longer side within the bounds.</summary>
    private Outcome<PixelBuffer> DecodeForDisplay(ReadOnlyMemory<byte> file, int min, int max) => _decoder.ReadHeader(file).Bind(header =>
    {
        var longer = Math.Max(header.Width, header.Height);
        var factor = Math.Clamp(longer, min, max) / (double)longer;
        return _decoder.Decode(file, new DecodeTarget(Side(header.Width * factor), Side(header.Height * factor), 3));
    });

    private static int Side(double pixels) => Math.Max(1, (int)Math.Round(pixels));
}

/// <summary>File format of an explanation.</summary>
public enum ExplainForm
{
    /// <summary>A figure, in the format of its style.</summary>
    Figure,
    Json,

    /// <summary>NumPy's <c>.npy</c> format.</summary>
    Npy,

    /// <summary>Raw little-endian float32.</summary>
    F32,
}

/// <param name="Image">The image itself.</param>
/// <param name="Overlay">The image with the heat map over it.</param>
/// <param name="Result">Numbers of the explanation.</param>
public sealed record ExplainedTile(PixelBuffer Image, PixelBuffer Overlay, ExplanationFigures Result);
