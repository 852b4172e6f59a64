using CnnService.Client;
using CnnService.Studio.Browser;
using CnnService.Studio.Parts.Asking;
using CnnService.Studio.Parts.Images;
using CnnService.Studio.Parts.Models;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Try;

public sealed partial class TryPage : IDisposable
{
    private readonly List<ChosenImage> _tried = [];

    private readonly Asked<IReadOnlyList<ModelChoice>> _models;

    private readonly Asked<ClassifyResult> _said;

    private ChosenImage? _image;

    private string? _asked;

    private string? _shown;

    private Exception? _given;

    public TryPage() => (_models, _said) = (new(StateHasChanged), new(StateHasChanged));

    /// <summary><c>name</c> or <c>name:version</c>; null: the newest.</summary>
    [Parameter]
    public string? Model { get; set; }

    /// <summary><c>dataset/id</c> of an image to begin with.</summary>
    [SupplyParameterFromQuery(Name = "image")]
    public string? ImageReference { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal ServiceAddress Service { get; set; } = null!;

    [Inject]
    internal KeyStore Keys { get; set; } = null!;

    private ModelChoice? Chosen => ModelChoice.Find(_models.Answer ?? [], Model);

    private string? Predicted => _said.Answer?.Top is [var first, ..] ? first.Label : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _models.Dispose();
        _said.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadModelsAsync();

    /// <summary>Another model or image in the address: the image is asked about anew.</summary>
    protected override Task OnParametersSetAsync()
    {
        if (ChosenImage.Of(ImageReference) is { } named && named.Reference != _image?.Reference)
        {
            return ShowAsync(named);
        }

        return _shown != Chosen?.Name && _image is not null ? AskAsync() : Task.CompletedTask;
    }

    private async Task LoadModelsAsync()
    {
        await _models.AskAsync(async cancel =>
            [.. (await ModelChoice.ListAsync(Client, false, cancel)).Where(model => model.Version!.Classes.Count > 0)]);
        if (_image is not null)
        {
            await AskAsync();
        }
    }

    private async Task TakeAsync(DroppedFiles files)
    {
        _given = null;
        try
        {
            await TakeAllAsync(await GivenImages.ReadAsync(files, GivenImages.Most, CancellationToken.None));
        }
        catch (IOException failure)
        {
            _given = failure;
        }
    }

    private Task TakeShot(byte[] shot) => TakeAllAsync([new("camera", null, shot)]);

    private async Task TakeAllAsync(IReadOnlyList<ChosenImage> images)
    {
        _tried.InsertRange(0, images);
        if (_tried.Count > GivenImages.Most)
        {
            _tried.RemoveRange(GivenImages.Most, _tried.Count - GivenImages.Most);
        }

        if (ImageReference is not null)
        {
            ImageReference = null;
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("image", (string?)null), replace: true);
        }

        await ShowAsync(images[0]);
    }

    private void UseReference(string reference) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("image", reference), replace: true);

    private Task ShowAsync(ChosenImage image)
    {
        _image = image;
        return AskAsync();
    }

    private async Task AskAsync()
    {
        if (Chosen is not { } model || _image is not { } image)
        {
            return;
        }

        (_shown, _asked) = (model.Name, null);
        await _said.AskAsync(async cancel =>
        {
            using var file = new MemoryStream(await image.ReadAsync(Client, null, cancel), false);
            var result = await Client.ClassifyImageAsync(file, model.Name, 50, cancellationToken: cancel);
            return result.Error is { } error ? throw new IOException(error.Detail) : result;
        });
    }

    private void AskWhy(string? label) => _asked = label;
}
