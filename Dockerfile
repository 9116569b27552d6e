# The build needs npm's registry; what runs has neither npm nor a shell.
# A release is built from images by digest: `npm run release:pin` writes them, `npm run release:check` asks for them.
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
# `prepare` bundles the programs into dist/.
RUN npm ci --no-audit --no-fund

FROM gcr.io/distroless/nodejs24-debian12:nonroot
LABEL org.opencontainers.image.title="spillway" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /spillway
# package.json says that the bundles are ES modules; without it Node parses them twice to find out.
COPY --from=build /src/package.json ./
COPY --from=build /src/dist ./dist
COPY simulations ./simulations
COPY LICENSE ./
# By number: the kubelet cannot tell whether a name is root's (runAsNonRoot).
USER 65532
EXPOSE 8888
# Node itself is process 1, so it gets SIGTERM and drains.
ENTRYPOINT ["/nodejs/bin/node", "/spillway/dist/spillway.js"]
CMD ["serve", "--config", "/etc/spillway/config.yaml"]
