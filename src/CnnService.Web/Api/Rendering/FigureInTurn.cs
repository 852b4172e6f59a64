using CnnService.Core.Common;

namespace CnnService.Web.Api.Rendering;

/// <summary>A figure that is painted when its turn has come.</summary>
/// <param name="draw">Gives the file.</param>
/// <param name="answer">The response with it.</param>
internal sealed class FigureInTurn(Func<Outcome<byte[]>> draw, Func<HttpContext, byte[], IResult> answer) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var drawn = await httpContext.RequestServices.GetRequiredService<Renderings>().MomentAsync(httpContext, draw);
        await drawn.ToIResult(file => answer(httpContext, file)).ExecuteAsync(httpContext);
    }
}
