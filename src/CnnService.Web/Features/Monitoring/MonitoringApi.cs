namespace CnnService.Web.Features.Monitoring;

/// <summary>Maps the routes of shadow traffic, capture and drift.</summary>
internal static class MonitoringApi
{
    public static void MapMonitoring(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/models").WithTags("Monitoring");
        models.MapShadow();
        models.MapCapture();
        models.MapCapturedLabel();
        models.MapDrift();
    }
}
