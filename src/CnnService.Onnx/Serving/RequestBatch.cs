namespace CnnService.Onnx.Serving;

/// <summary>Requests that run as one batch. Not thread safe.</summary>
/// <param name="maxImages">Most images; a single request may have more.</param>
internal sealed class RequestBatch(int maxImages)
{
    public List<BatchRequest> Requests { get; } = [];

    public int Images { get; private set; }

    public bool IsFull => Images >= maxImages;

    /// <summary>False if there is no room for the request. A request that was abandoned is dropped and counts as added.</summary>
    public bool TryAdd(BatchRequest request)
    {
        if (Images > 0 && Images + request.Count > maxImages)
        {
            return false;
        }

        if (request.TryTake())
        {
            Requests.Add(request);
            Images += request.Count;
        }

        return true;
    }
}
