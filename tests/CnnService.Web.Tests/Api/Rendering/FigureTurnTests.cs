using System.Net;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CnnService.Web.Tests.Api.Rendering;

/// <summary>Figures that take memory while they are painted, asked for by many at once.</summary>
public sealed class FigureTurnTests : IAsyncDisposable
{
    private const int Callers = 30;
    private const int TakenAtOnce = 17; // One is painted, sixteen wait.

    private readonly HeldRenderer _renderer = new();
    private readonly CnnServiceApplication _service;

    public FigureTurnTests() => _service = new(
        new() { ["Rendering:MomentTimeLimit"] = "00:10:00" },
        services => services.Replace(ServiceDescriptor.Singleton<IFigureRenderer>(_renderer)));

    public async ValueTask DisposeAsync()
    {
        _renderer.Release();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task FiguresOfOneCaller_AreOnePaintedAtATime_AndThoseBeyondTheQueueRefused()
    {
        var cancel = TestContext.Current.CancellationToken;
        var all = Enumerable.Range(0, Callers)
            .Select(_ => _service.Client.GetAsync(CnnServiceApplication.Relative("architectures/lenet5?format=png&scale=8"), cancel))
            .ToList();
        await Eventually.IsAsync(() => Task.FromResult(all.Count(answer => answer.IsCompleted)), done => done == Callers - TakenAtOnce);

        _renderer.Release();

        var answers = await Task.WhenAll(all);
        Assert.Equal(TakenAtOnce, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(Callers - TakenAtOnce, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Equal(1, _renderer.MostAtOnce);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    private sealed class HeldRenderer : IFigureRenderer
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private int _now;

        public int MostAtOnce { get; private set; }

        public void Release() => _released.TrySetResult();

        public Outcome<byte[]> Render(Figure figure, FigureStyle style, IReadOnlyList<KeyValuePair<string, string>> text)
        {
            lock (_gate)
            {
                MostAtOnce = Math.Max(MostAtOnce, ++_now);
            }

            _released.Task.Wait(TestContext.Current.CancellationToken);
            lock (_gate)
            {
                _now--;
            }

            return new byte[] { 1 };
        }

        public Outcome<byte[]> Animate(
            IReadOnlyList<(Figure Figure, TimeSpan Delay)> frames, FigureStyle style, IReadOnlyList<KeyValuePair<string, string>> text) =>
            throw new NotSupportedException();
    }
}
