namespace CnnService.Web.Features.Watch;

/// <summary>What is done behind a model's answers.</summary>
internal static class MonitoringApi
{
    public static void MapWatch(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/models").WithTags("Watching");
        models.MapShadow();
        models.MapCapture();
        models.MapCapturedLabel();
        models.MapDrift();
    }
}
